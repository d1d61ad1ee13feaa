"""Running for months: each thing at its time, one daemon a store, and every change of the config taken up or refused."""

"""Real boards and projects as small companies of their own, read from ``../shared/payloads`` as from their tools."""

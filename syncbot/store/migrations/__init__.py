"""How a store becomes what this version needs: what Alembic runs, and what its first step is made of."""

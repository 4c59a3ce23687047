"""The platform's own code, one package a room; `docs/architecture.md` has the plan of the house."""

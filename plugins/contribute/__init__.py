"""What contributors need: a scaffold, a field guide, owners, and the check of a change set."""

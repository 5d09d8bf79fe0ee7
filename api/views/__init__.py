"""What a reader may see: one explicit function for each answer; no field is shown unwritten here (security.md Z7)."""

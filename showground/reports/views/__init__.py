"""Pages of the report desk for those who report and for everybody."""

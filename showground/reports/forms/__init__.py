"""What people type and choose at the report desk."""

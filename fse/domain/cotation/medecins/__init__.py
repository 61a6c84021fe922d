"""What is of doctors alone: unscheduled care, care path, overruns, who bills, the figures of a practice."""

"""What a practice reads or prints: pages and PDF, from one set of templates and one stylesheet (extra `pdf`)."""

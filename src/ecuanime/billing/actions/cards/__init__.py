"""Payment by card through Stripe: its set-up and pages, and what Stripe says."""

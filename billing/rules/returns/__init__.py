"""Returns (신고) of the taxes that a payer computes himself: what each asks for, until when, and what it comes to."""

"""The header: opening, saving, recovering and sharing sessions, and the bench's shortcuts."""

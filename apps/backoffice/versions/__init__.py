"""What a flow was and is: its versions, what differs between them, the way back, and flows as files."""

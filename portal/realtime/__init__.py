"""Live pages: who listens to which topic, and the stream that tells a browser to look again."""

"""The node's clock against the nation's time: asked, judged, told and shown (T-10)."""

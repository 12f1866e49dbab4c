"""Files judged on the node, for whoever means to send them: a job with its progress."""

"""The second engine: the same lake, the same questions, on a cluster of Apache Spark (extra `spark`)."""

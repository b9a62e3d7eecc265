ecs_endpoint = "http://127.0.0.1:8480"

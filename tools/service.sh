# shellcheck shell=bash
# Sourced by the scripts that need the local service.

# start_service DIR starts the service on a free loopback port and sets TF_VAR_ecs_endpoint, the keys
# that it accepts, and service_pid. The caller stops it.
start_service() {
  local dir=$1
  # Not `go run`, which leaves the service running when it is killed.
  go build -o "$dir/ecstest" ./internal/ecstest/cmd/ecstest
  "$dir/ecstest" -listen 127.0.0.1:0 -snapshots 300 -url-file "$dir/url" >"$dir/service.log" 2>&1 &
  service_pid=$!

  local try
  for try in {1..100}; do
    [[ -s $dir/url ]] && break
    if ! kill -0 "$service_pid" 2>/dev/null || ((try == 100)); then
      echo "the local service did not start:" >&2
      cat "$dir/service.log" >&2
      return 1
    fi
    sleep 0.1
  done

  TF_VAR_ecs_endpoint=$(<"$dir/url")
  export TF_VAR_ecs_endpoint
  # The constants of internal/ecstest.
  export ALIBABA_CLOUD_ACCESS_KEY_ID=LTAItestAccessKeyId0000 ALIBABA_CLOUD_ACCESS_KEY_SECRET=testAccessKeySecret000000000000
  # A token in the caller's environment doesn't belong to that key.
  unset ALIBABA_CLOUD_SECURITY_TOKEN
}

# stop_service stops the service if it is running.
stop_service() {
  if [[ -n ${service_pid:-} ]]; then
    kill "$service_pid" 2>/dev/null || true
    wait "$service_pid" 2>/dev/null || true
  fi
}

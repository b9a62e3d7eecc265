package rpc

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// record is a logger that keeps the lines of a level.
func record(level slog.Level) (logger *slog.Logger, lines func(t *testing.T) []map[string]any) {
	var text strings.Builder
	logger = slog.New(slog.NewJSONHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return logger, func(t *testing.T) (list []map[string]any) {
		t.Helper()
		for line := range strings.Lines(text.String()) {
			fields := map[string]any{}
			if err := json.Unmarshal([]byte(line), &fields); err != nil {
				t.Fatal(err)
			}
			if fields["level"] == level.String() {
				list = append(list, fields)
			}
		}
		return list
	}
}

// Each attempt has a line with what its problem can be found by.
func TestAttemptsAreLogged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		logger, lines := record(slog.LevelDebug)
		mismatch := reply(400, `{"Code":"SignatureDoesNotMatch","Message":"server string to sign is:POST&`+testToken+`","RequestId":"R-S"}`)
		throttled := reply(400, `{"Code":"Throttling.User","Message":"slow down","RequestId":"R-T"}`, "X-Acs-Retry-After: 2000")
		transport := &script{replies: replies{throttled, failure(context.DeadlineExceeded), mismatch, good}}
		client := newTestClient(t, Config{Transport: transport, Logger: logger})
		call := testCall(t, "https://ecs.example.com")
		call.Attrs = []slog.Attr{slog.Int("page", 3)}
		for range 2 {
			_ = client.Do(t.Context(), call, &testReply{})
		}
		line := func(attempt float64, fields map[string]any) map[string]any {
			for name, value := range map[string]any{
				"level": "DEBUG", "msg": "API call", "action": "DescribeTests", "region": "cn-test", "page": 3.0, "attempt": attempt,
			} {
				fields[name] = value
			}
			return fields
		}
		want := []map[string]any{
			line(1, map[string]any{"status": 400.0, "code": "Throttling.User", "request_id": "R-T", "transient": true, "retry_after_ms": 2000.0, "error": "slow down"}),
			line(2, map[string]any{"status": 0.0, "code": "", "request_id": "", "transient": true, "retry_after_ms": 0.0, "error": "context deadline exceeded"}),
			line(3, map[string]any{"status": 400.0, "code": "SignatureDoesNotMatch", "request_id": "R-S", "transient": false, "retry_after_ms": 0.0, "error": "server string to sign (redacted)"}),
			line(1, map[string]any{"status": 200.0, "request_id": "R-1"}),
		}
		got := lines(t)
		for _, fields := range got {
			if _, ok := fields["duration_ms"].(float64); !ok {
				t.Errorf("no duration in %v", fields)
			}
		}
		ignored := cmpopts.IgnoreMapEntries(func(name string, _ any) bool { return name == "time" || name == "duration_ms" })
		if diff := cmp.Diff(want, got, ignored); diff != "" {
			t.Error(diff)
		}
	})
}

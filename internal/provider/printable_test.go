package provider

import (
	"log/slog"
	"strings"
	"testing"
	"unicode"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// Characters that control a terminal, change the direction of text or can't be seen:
// escape sequences, line breaks, and what U+202E and its like make of a line.
const illMeant = "x\x1b[2J\u202Egnp\u2066\u200B\r\x07\u0085\ufeffy"

func wantPrintable(t *testing.T, text string) {
	t.Helper()
	if !strings.Contains(text, "gnp") {
		t.Errorf("the text isn't there, so nothing is proved:\n%q", text)
	}
	for _, r := range text {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			t.Fatalf("%U is in %q", r, text)
		}
	}
}

// Whatever a server or the configuration says, no message has such a character.
func TestDiagnosticsArePrintable(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t,
		ecstest.Snapshot{SnapshotID: "s-1" + illMeant, SnapshotName: illMeant, Status: "accomplished", CreationTime: "2026-05-01T00:00:00Z"},
		ecstest.Snapshot{SnapshotID: "s-2" + illMeant, SnapshotName: illMeant, Status: illMeant, CreationTime: "2026-05-01T00:00:00Z"},
	)
	h := newServiceHarness(t, service)
	_, diags := h.read(t.Context(), "aliyun_ecs_snapshot", object{"filter": object{"status": "all"}})
	wantPrintable(t, printed(diags))
	wantPrintable(t, printed(h.validate("aliyun_ecs_snapshot", object{"filter": object{"status": illMeant}})))
	wantPrintable(t, printed(h.validate("aliyun_ecs_snapshots", object{"region_id": illMeant})))
	for _, regex := range []string{"(?P<" + illMeant + ">a)", "*" + illMeant} { // Their errors repeat a part of them.
		wantPrintable(t, printed(h.validate("aliyun_ecs_snapshots", object{"name_regex": regex})))
	}
	wantPrintable(t, printed(newHarness(t, newTestProvider(nil)).configure(object{"region": illMeant})))
	wantPrintable(t, printed(newHarness(t, newTestProvider(nil)).configure(object{
		"profile": illMeant, "shared_credentials_file": cliConfig(t, akProfile("a", "k", "s")),
	})))
	service.Inject(ecstest.ErrorCode(403, "Forbidden."+illMeant, illMeant))
	_, diags = h.read(t.Context(), "aliyun_ecs_snapshots", object{})
	wantPrintable(t, printed(diags))
}

func TestLogIsPrintable(t *testing.T) {
	t.Parallel()
	var logs printer
	ctx := tflogtest.RootLogger(t.Context(), &logs)
	slog.New(logHandler{}).With("source", illMeant).ErrorContext(ctx, illMeant, "text", illMeant, "error", &strings.Builder{}, slog.Any("any", []string{illMeant}), "n", 1)
	entries, err := tflogtest.MultilineJSONDecode(strings.NewReader(logs.String()))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0]["n"] != 1.0 {
		t.Fatalf("the log is %v", entries)
	}
	for _, field := range []string{"@message", "source", "text", "any"} {
		text, ok := entries[0][field].(string)
		if !ok {
			t.Fatalf("%s is %v", field, entries[0][field])
		}
		wantPrintable(t, text)
	}
}

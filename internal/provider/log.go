package provider

import (
	"context"
	"log/slog"
	"slices"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// logHandler lets the lower packages, which know nothing of Terraform, write by log/slog
// to the log that Terraform keeps for the call that the context belongs to.
type logHandler struct{ attrs []slog.Attr }

// Enabled leaves the choice to TF_LOG and TF_LOG_PROVIDER.
func (h logHandler) Enabled(context.Context, slog.Level) bool { return true }

// Handle is the one place that keeps control and direction characters from the log.
func (h logHandler) Handle(ctx context.Context, record slog.Record) error {
	fields := map[string]any{}
	record = record.Clone()
	record.AddAttrs(h.attrs...)
	record.Attrs(func(attr slog.Attr) bool {
		fields[attr.Key] = attr.Value.Any()
		if kind := attr.Value.Kind(); kind != slog.KindInt64 && kind != slog.KindBool {
			fields[attr.Key] = rpc.Printable(attr.Value.String())
		}
		return true
	})
	write := tflog.Debug
	switch {
	case record.Level >= slog.LevelWarn: // No package logs errors: it returns them.
		write = tflog.Warn
	case record.Level >= slog.LevelInfo:
		write = tflog.Info
	}
	write(ctx, rpc.Printable(record.Message), fields)
	return nil
}

func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logHandler{slices.Concat(h.attrs, attrs)}
}

// WithGroup ignores groups, which tflog doesn't have.
func (h logHandler) WithGroup(string) slog.Handler { return h }

package provider

import (
	"context"
	"log/slog"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// newLogger lets the lower packages, which know nothing of Terraform, write by log/slog
// to the log that Terraform keeps for the call that the context belongs to.
func newLogger() *slog.Logger { return slog.New(logHandler{}) }

type logHandler struct{ attrs []slog.Attr }

// Enabled leaves the choice to TF_LOG and TF_LOG_PROVIDER.
func (h logHandler) Enabled(context.Context, slog.Level) bool { return true }

// Handle is the one place that keeps control and direction characters from the log.
func (h logHandler) Handle(ctx context.Context, record slog.Record) error {
	fields := make(map[string]any, record.NumAttrs()+len(h.attrs))
	add := func(attr slog.Attr) bool {
		switch attr.Value.Kind() {
		case slog.KindInt64, slog.KindBool:
			fields[attr.Key] = attr.Value.Any()
		default:
			fields[attr.Key] = rpc.Printable(attr.Value.String())
		}
		return true
	}
	for _, attr := range h.attrs {
		add(attr)
	}
	record.Attrs(add)
	message := rpc.Printable(record.Message)
	switch {
	case record.Level >= slog.LevelError:
		tflog.Error(ctx, message, fields)
	case record.Level >= slog.LevelWarn:
		tflog.Warn(ctx, message, fields)
	case record.Level >= slog.LevelInfo:
		tflog.Info(ctx, message, fields)
	default:
		tflog.Debug(ctx, message, fields)
	}
	return nil
}

func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logHandler{append(h.attrs[:len(h.attrs):len(h.attrs)], attrs...)}
}

// WithGroup ignores groups, which tflog doesn't have.
func (h logHandler) WithGroup(string) slog.Handler { return h }

package provider

import (
	"context"
	"log/slog"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// newLogger lets the rooms below log by log/slog, into the log that Terraform
// keeps for the call that the context belongs to.
func newLogger() *slog.Logger { return slog.New(logHandler{}) }

type logHandler struct{ attrs []slog.Attr }

// Enabled leaves the choice to TF_LOG and TF_LOG_PROVIDER.
func (h logHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h logHandler) Handle(ctx context.Context, record slog.Record) error {
	fields := make(map[string]any, record.NumAttrs()+len(h.attrs))
	add := func(attr slog.Attr) bool {
		fields[attr.Key] = attr.Value.Any()
		return true
	}
	for _, attr := range h.attrs {
		add(attr)
	}
	record.Attrs(add)
	switch {
	case record.Level >= slog.LevelError:
		tflog.Error(ctx, record.Message, fields)
	case record.Level >= slog.LevelWarn:
		tflog.Warn(ctx, record.Message, fields)
	case record.Level >= slog.LevelInfo:
		tflog.Info(ctx, record.Message, fields)
	default:
		tflog.Debug(ctx, record.Message, fields)
	}
	return nil
}

func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logHandler{append(h.attrs[:len(h.attrs):len(h.attrs)], attrs...)}
}

// WithGroup passes over groups, which tflog doesn't have.
func (h logHandler) WithGroup(string) slog.Handler { return h }

package credentials

import (
	"context"
	"log/slog"
)

// withoutErrors drops the texts of errors from a log. internal/rpc logs why a call
// failed, which may quote the body of the reply: for STS, that may be keys.
type withoutErrors struct{ slog.Handler }

// Handle implements [slog.Handler].
func (h withoutErrors) Handle(ctx context.Context, record slog.Record) error {
	kept := slog.NewRecord(record.Time, record.Level, record.Message, record.PC)
	record.Attrs(func(attr slog.Attr) bool {
		if attr.Key != "error" {
			kept.AddAttrs(attr)
		}
		return true
	})
	return h.Handler.Handle(ctx, kept)
}

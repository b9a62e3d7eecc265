package ecs

import (
	"cmp"
	"fmt"
)

// InterruptedReadError is a read that was ended by its context.
type InterruptedReadError struct {
	Cause    error  // The context's error.
	Progress string // How far the read got, in words.
	Last     error  // What failed last before that; nil where nothing did.
}

// Error gives the cause and the progress.
func (e *InterruptedReadError) Error() string { return fmt.Sprintf("%v: %s", e.Cause, e.Progress) }

// Unwrap gives the cause.
func (e *InterruptedReadError) Unwrap() error { return e.Cause }

// IncompleteError is a list of which nobody can say that it is whole: the pages
// contradict each other, or replies lack a field that a filter needs.
type IncompleteError struct{ Reason string }

// Error gives the reason.
func (e *IncompleteError) Error() string { return "the list of snapshots is not whole: " + e.Reason }

func incomplete(format string, args ...any) error {
	return &IncompleteError{Reason: fmt.Sprintf(format, args...)}
}

// ValueError is a value of a reply that can't be read although the result depends
// on it.
type ValueError struct {
	SnapshotID string // Empty where the id itself can't be read.
	Field      string // By the API's name.
	Value      string // As the reply has it, shortened and fit to be shown; empty where it is absent.
	RequestID  string
}

// Error names the snapshot, the field and the value.
func (e *ValueError) Error() string {
	return fmt.Sprintf("%s of snapshot %s can't be read: %q (request id %s)",
		e.Field, cmp.Or(e.SnapshotID, "without an id"), e.Value, e.RequestID)
}

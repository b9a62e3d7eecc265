package ecs

import "fmt"

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

// IncompleteError is a list that couldn't be had whole: what the service answered
// contradicts itself.
type IncompleteError struct{ Reason string }

// Error gives the reason.
func (e *IncompleteError) Error() string { return "the list of snapshots is not whole: " + e.Reason }

func incomplete(format string, args ...any) error {
	return &IncompleteError{Reason: fmt.Sprintf(format, args...)}
}

// ValueError is a value that decides, and can't be read.
type ValueError struct{ SnapshotID, Field, Value, RequestID string }

// Error names the field and the snapshot.
func (e *ValueError) Error() string {
	return fmt.Sprintf("snapshot %s has %s = %q, which can't be read", e.SnapshotID, e.Field, e.Value)
}

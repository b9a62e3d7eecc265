package ecs

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// InterruptedReadError is a read that was ended by its context.
type InterruptedReadError struct {
	Cause    error  // The context's error.
	Progress string // How far the read got, in words.
	Last     error  // What failed last before that; nil where nothing did.
}

func (e *InterruptedReadError) Error() string { return fmt.Sprintf("%v: %s", e.Cause, e.Progress) }

func (e *InterruptedReadError) Unwrap() error { return e.Cause }

// IncompleteError is a list of which nobody can say that it is whole: the pages
// contradict each other, or replies lack a field that a filter needs.
type IncompleteError struct {
	Reason  string
	changed bool // The list may have changed while it was read; another walk may be whole.
}

func (e *IncompleteError) Error() string { return "the list of snapshots is not whole: " + e.Reason }

func incomplete(format string, args ...any) error {
	return &IncompleteError{Reason: fmt.Sprintf(format, args...)}
}

func changedf(format string, args ...any) error {
	return &IncompleteError{Reason: fmt.Sprintf(format, args...), changed: true}
}

// ValueError is a value of a reply that can't be read although the result depends
// on it.
type ValueError struct {
	SnapshotID string // Empty where the id itself can't be read.
	Field      string // By the API's name.
	Value      string // As the reply has it, shortened and fit to be shown; empty where it is absent.
	RequestID  string
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("%s of snapshot %s can't be read: %q (request id %s)",
		e.Field, cmp.Or(e.SnapshotID, "without an id"), e.Value, e.RequestID)
}

// The API's document announces that page numbers and the time filter will end,
// without the codes that they will be refused by. Sibling APIs have several, so
// whatever names the parameter counts.
var (
	pageNumberNames = regexp.MustCompile(`(?i)page[ ._-]?(number|size)`)
	timeFilterNames = regexp.MustCompile(`(?i)filter|creation[ ._-]?(start|end)`)
)

// refusal gives the service's refusal of a request; nil for any other failure.
func refusal(err error) *rpc.Error {
	if e, ok := errors.AsType[*rpc.Error](err); ok && e.Kind == rpc.KindService && !e.Transient {
		return e
	}
	return nil
}

// refuses tells whether the service refused a parameter of one of the names, or one that
// it doesn't name.
func refuses(err error, names *regexp.Regexp) bool {
	e := refusal(err)
	return e != nil && (e.Code == "UnsupportedParameter" || names.MatchString(e.Code+" "+e.Message))
}

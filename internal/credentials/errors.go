package credentials

import (
	"errors"
	"fmt"
)

// ConfigError is a mistake in what is configured: a source of which a part is
// missing, a profile that doesn't exist, no source at all, and the like. It holds
// no secrets.
type ConfigError struct {
	// Attribute is the argument of the provider block at fault, such as
	// "secret_key" or "assume_role.role_arn"; "" where the environment or the
	// CLI's own configuration is.
	Attribute string
	Summary   string
	Detail    string
	Err       error // A file's error, for [errors.Is]; nil without one.
}

// Error gives the summary and the detail in one line.
func (e *ConfigError) Error() string { return e.Summary + ": " + e.Detail }

// Unwrap gives the cause below.
func (e *ConfigError) Unwrap() error { return e.Err }

func mistake(summary, format string, arguments ...any) *ConfigError {
	return &ConfigError{Summary: summary, Detail: fmt.Sprintf(format, arguments...)}
}

// incomplete is the error for a source that lacks a part, which is required with those
// that are set.
func incomplete(missing, set string) *ConfigError {
	return mistake("Incomplete Credentials", "%s is required when %s is set. Credentials are taken whole from one source, never half from one "+
		"and half from another: set %[1]s, or remove the rest to use another source.", missing, set)
}

// at names the argument that led to a mistake, unless it is known already.
func at(attribute string, err error) error {
	var mistake *ConfigError
	if errors.As(err, &mistake) && mistake.Attribute == "" {
		mistake.Attribute = attribute
	}
	return err
}

// Error is a chosen source's failure to give credentials. Its texts are
// redacted.
type Error struct {
	Source    string // The source, as [Source.String] names it.
	Code      string // The code of STS or of another service, such as "EntityNotExist.Role"; "" without one.
	RequestID string // "" where the service gave none.
	Message   string
	Transient bool  // Whether the same request may succeed later.
	Err       error // A context's or a file's error, for [errors.Is]; nil without one.

	status int // The HTTP status of a response; 0 where there was none.
}

// Error gives all that is known, in one line.
func (e *Error) Error() string {
	text := "credentials from " + e.Source + ": "
	if e.Code != "" {
		text += e.Code + ": "
	}
	text += e.Message
	if e.RequestID != "" {
		text += " (request id " + e.RequestID + ")"
	}
	return text
}

// Unwrap gives the cause below.
func (e *Error) Unwrap() error { return e.Err }

// Temporary says to [rpc.Client] whether to try again.
func (e *Error) Temporary() bool { return e.Transient }

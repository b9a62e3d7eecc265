package credentials

import (
	"errors"
	"fmt"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
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
	if mistake, ok := errors.AsType[*ConfigError](err); ok && mistake.Attribute == "" {
		mistake.Attribute = attribute
	}
	return err
}

// failed is the error for a source that gave no credentials, though no response says why.
func failed(format string, arguments ...any) error {
	return &rpc.Error{Kind: rpc.KindCredentials, Message: fmt.Sprintf(format, arguments...)}
}

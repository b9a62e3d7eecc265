package credentials

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Config is what the provider block says, without white space around texts. Empty values
// mean "not set"; the environment is read by New.
type Config struct {
	AccessKey     string
	SecretKey     string
	SecurityToken string

	Profile               string // The name of a profile of the aliyun CLI.
	SharedCredentialsFile string // The CLI's configuration file; "" means what the environment names, or the CLI's own place.

	CredentialsURI     string
	ECSRoleName        string
	AssumeRoleWithOIDC *Role
	AssumeRole         *Role // Assumed with the credentials of whichever source is used.

	// STSEndpoint is where STS is called. Zero means the endpoint that the environment,
	// the chosen profile or Region names, in this order.
	STSEndpoint rpc.Endpoint
	// ECSEndpoint is where ECS is called, if the user chose that. It only matters for
	// warnings about other settings that choose it.
	ECSEndpoint rpc.Endpoint
	// MetadataEndpoint is where an instance's metadata service is.
	MetadataEndpoint rpc.Endpoint
	// Region chooses the STS endpoint, where neither the chosen profile nor the
	// environment names one for STS alone. "" means the chosen profile's region, and
	// without that the endpoint that serves all regions.
	Region string

	UserAgent string                           // Of all requests.
	LookupEnv func(name string) (string, bool) // Reads the environment.
	Logger    *slog.Logger                     // At INFO, it gets the source in use.
	Now       func() time.Time
}

// Role is a RAM role to assume. What is empty is taken from the environment, as far as
// it has variables for it.
type Role struct {
	RoleARN           string
	SessionName       string // "" means the environment's, or a fixed name.
	SessionExpiration int    // Seconds, 900 or more; 0 means the environment's, or 3600.
	Policy            string
	ExternalID        string // Of AssumeRole alone.

	// Of AssumeRoleWithOIDC alone. The environment's token is used where there is neither
	// Token nor TokenFile. The file is read for each session: such tokens are short-lived.
	ProviderARN string
	Token       string
	TokenFile   string
}

// ConfigError is a mistake in what is configured, such as half a source, an unknown
// profile, or no source at all. It holds no secrets.
type ConfigError struct {
	// Attribute is the argument of the provider block at fault, such as
	// "assume_role.role_arn"; "" where the environment or the CLI's file is.
	Attribute string
	Summary   string
	Detail    string
	noFile    bool // Whether the CLI's file isn't there.
}

func (e *ConfigError) Error() string { return e.Summary + ": " + e.Detail }

func mistake(summary, format string, arguments ...any) *ConfigError {
	return &ConfigError{Summary: summary, Detail: fmt.Sprintf(format, arguments...)}
}

// incomplete is the error for a source that lacks a part, which is required with those
// that are set.
func incomplete(missing string, set ...string) *ConfigError {
	return mistake("Incomplete Credentials", "%s is required when %s is set. Credentials are taken whole from one source, never half from one "+
		"and half from another: set %[1]s, or remove the rest to use another source.", missing, strings.Join(set, " and "))
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

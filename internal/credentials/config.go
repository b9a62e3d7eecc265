package credentials

import (
	"log/slog"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Config is what the provider block says. Empty values mean "not set"; the
// environment is read by New.
type Config struct {
	AccessKey     string
	SecretKey     string
	SecurityToken string

	Profile               string // The name of a profile of the aliyun CLI.
	SharedCredentialsFile string // The CLI's configuration file; "" means what the environment names, or the CLI's own place.

	CredentialsURI     string
	ECSRoleName        string
	AssumeRoleWithOIDC *AssumeRoleWithOIDC

	// AssumeRole is a role taken on top of whichever source answers.
	AssumeRole *AssumeRole

	// STSEndpoint is where STS is called. Zero means the endpoint that the environment,
	// the chosen profile or Region names, in this order.
	STSEndpoint rpc.Endpoint
	// ECSEndpoint is where ECS is called, if the user chose that. It only matters for
	// warnings about other settings that choose it.
	ECSEndpoint rpc.Endpoint
	// Region chooses the STS endpoint, where neither the chosen profile nor the
	// environment names one for STS alone. "" means the chosen profile's region, and
	// without that the endpoint that serves all regions.
	Region string

	UserAgent string // Of all requests.

	// LookupEnv reads the environment. nil means [os.LookupEnv].
	LookupEnv func(name string) (string, bool)
	// Logger takes what the operator should know: at INFO, once, which source was
	// chosen and why. nil means nobody listens.
	Logger *slog.Logger

	// MetadataEndpoint stands in for the instance's metadata service, and Now for
	// [time.Now], in tests.
	MetadataEndpoint rpc.Endpoint
	Now              func() time.Time
}

// AssumeRole is a RAM role to assume with the keys of another source.
type AssumeRole struct {
	RoleARN           string // "" means the role that the environment names.
	SessionName       string // "" means the environment's, or a fixed name.
	SessionExpiration int    // Seconds, 900 or more; 0 means the environment's, or 3600.
	Policy            string
	ExternalID        string
}

// AssumeRoleWithOIDC is a RAM role to assume with a token of an OIDC identity
// provider, by Token or by TokenFile. What is empty is taken from the environment,
// but a token only where there is neither.
type AssumeRoleWithOIDC struct {
	RoleARN           string
	ProviderARN       string
	Token             string
	TokenFile         string // It is read again at each refresh, since such tokens are short-lived.
	SessionName       string // "" means the environment's, or a fixed name.
	SessionExpiration int    // Seconds, 900 or more; 0 means 3600.
	Policy            string
}

// complete gives the configuration with its defaults, and without white space around
// values, which those that come from files often have.
func (c Config) complete() Config {
	if c.LookupEnv == nil {
		c.LookupEnv = os.LookupEnv
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.MetadataEndpoint == (rpc.Endpoint{}) {
		c.MetadataEndpoint = rpc.Endpoint{Scheme: "http", Host: "100.100.100.200"}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	trim(&c)
	c.AssumeRole, c.AssumeRoleWithOIDC = trimmed(c.AssumeRole), trimmed(c.AssumeRoleWithOIDC)
	return c
}

func trimmed[T any](original *T) *T {
	if original == nil {
		return nil
	}
	copied := *original
	trim(&copied)
	return &copied
}

// trim removes white space around all texts of a struct.
func trim(pointer any) {
	fields := reflect.ValueOf(pointer).Elem()
	for i := range fields.NumField() {
		if field := fields.Field(i); field.Kind() == reflect.String && field.CanSet() {
			field.SetString(strings.TrimSpace(field.String()))
		}
	}
}

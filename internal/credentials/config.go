package credentials

import (
	"log/slog"
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
	AssumeRoleWithOIDC *Role
	AssumeRole         *Role // Assumed with the credentials of whichever source is used.

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

	LookupEnv func(name string) (string, bool) // Reads the environment.
	Logger    *slog.Logger                     // At INFO, once, it gets the source in use.

	// MetadataEndpoint stands in for the instance's metadata service, and Now for
	// [time.Now], in tests.
	MetadataEndpoint rpc.Endpoint
	Now              func() time.Time
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

// complete gives the configuration with its defaults, and without white space around
// values, which those that come from files often have.
func (c Config) complete() Config {
	if c.MetadataEndpoint == (rpc.Endpoint{}) {
		c.MetadataEndpoint = rpc.Endpoint{Scheme: "http", Host: "100.100.100.200"}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	trim(&c)
	for _, role := range []**Role{&c.AssumeRole, &c.AssumeRoleWithOIDC} {
		if *role != nil {
			copied := **role
			trim(&copied)
			*role = &copied
		}
	}
	return c
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

package credentials

import (
	"log/slog"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Config is what the provider block says. Empty values mean "not set"; the
// environment is read by New.
type Config struct {
	AccessKey     string
	SecretKey     string
	SecurityToken string

	Profile               string // The name of a profile of the aliyun CLI.
	SharedCredentialsFile string // The CLI's configuration file; "" means the CLI's own place.

	CredentialsURI     string
	ECSRoleName        string
	AssumeRoleWithOIDC *AssumeRoleWithOIDC

	// AssumeRole is a role taken on top of whichever source answers.
	AssumeRole *AssumeRole

	// STSEndpoint is where STS is called. Zero means the endpoint of Region.
	STSEndpoint rpc.Endpoint
	// Region chooses the STS endpoint, where neither the chosen profile nor the
	// environment names one for STS alone. "" means the chosen profile's region, and
	// without that the endpoint that serves all regions.
	Region string

	UserAgent string // Of calls to STS.

	// LookupEnv reads the environment. nil means [os.LookupEnv].
	LookupEnv func(name string) (string, bool)
	// Logger takes what the operator should know: at INFO, once, which source was
	// chosen and why. nil means nobody listens.
	Logger *slog.Logger
}

// AssumeRole is a RAM role to assume with the keys of another source.
type AssumeRole struct {
	RoleARN           string
	SessionName       string // "" means a fixed name.
	SessionExpiration int    // Seconds, 900 or more; 0 means 3600.
	Policy            string
	ExternalID        string
}

// AssumeRoleWithOIDC is a RAM role to assume with a token of an OIDC identity
// provider, by Token or by TokenFile.
type AssumeRoleWithOIDC struct {
	RoleARN           string
	ProviderARN       string
	Token             string
	TokenFile         string // It wins over Token, and is read again at each refresh, since such tokens are short-lived.
	SessionName       string // "" means a fixed name.
	SessionExpiration int    // Seconds, 900 or more; 0 means 3600.
	Policy            string
}

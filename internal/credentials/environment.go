package credentials

import "strings"

// The variables of each setting, in the official provider's order. The last names of a
// profile and of the file of profiles are the CLI's alone.
var (
	keyFamilies = [][3]string{ // AccessKey ID, secret, and security token.
		{"ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"},
		{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"},
		{"ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_SECURITY_TOKEN"},
	}
	profileNames = []string{"ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE", "ALIBABACLOUD_PROFILE"}
	fileNames    = []string{"ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE", "ALIBABA_CLOUD_CONFIG_FILE"}
	uriNames     = []string{"ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"}
	ecsRoleNames = []string{"ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA"}
)

// The variables of OIDC, as Kubernetes (RRSA) and CI systems set them.
const (
	oidcRole     = "ALIBABA_CLOUD_ROLE_ARN"
	oidcProvider = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
	oidcFile     = "ALIBABA_CLOUD_OIDC_TOKEN_FILE"
	oidcToken    = "ALIBABA_CLOUD_OIDC_TOKEN" //nolint:gosec // A name, no token.
	oidcSession  = "ALIBABA_CLOUD_ROLE_SESSION_NAME"
)

// Variables that switch something off.
const (
	metadataDisabled = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"
	imdsV1Disabled   = "ALIBABA_CLOUD_IMDSV1_DISABLED"
	externalDisabled = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS" // Modes External and CredentialsURI.
)

// setting is an attribute of the provider block, a variable or a field of a profile.
type setting struct {
	name, value string
	attribute   string // "" where it is none.
}

// named gives the names of the settings that have a value, and of those that have none.
func named(settings ...setting) (set, unset []string) {
	for _, s := range settings {
		if s.value == "" {
			unset = append(unset, s.name)
		} else {
			set = append(set, s.name)
		}
	}
	return set, unset
}

// chosen returns the first setting with a value, or the last.
func chosen(settings ...setting) setting {
	for _, s := range settings {
		if s.value != "" {
			return s
		}
	}
	return settings[len(settings)-1]
}

// env reads a variable, without white space around its value. Unset and empty are the
// same.
func (f *finder) env(name string) string {
	value, _ := f.cfg.LookupEnv(name)
	return strings.TrimSpace(value)
}

// first gives the first variable that is set. Where none is, the name is of all.
func (f *finder) first(names ...string) setting {
	for _, name := range names {
		if value := f.env(name); value != "" {
			return setting{name: name, value: value}
		}
	}
	return setting{name: strings.Join(names, ", ")}
}

// enabled reports whether a boolean variable is on.
func (f *finder) enabled(name string) bool {
	value := f.env(name)
	return strings.EqualFold(value, "true") || value == "1"
}

// profilesOff names the variable that switches the CLI's profiles off; "" if none does.
// The CLI doesn't take 1 for true here.
func (f *finder) profilesOff() string {
	for _, name := range []string{"ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "ALIBABA_CLOUD_IGNORE_PROFILE", "ALIBABACLOUD_IGNORE_PROFILE"} {
		if strings.EqualFold(f.env(name), "true") {
			return name
		}
	}
	return ""
}

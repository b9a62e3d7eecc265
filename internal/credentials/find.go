package credentials

import (
	"fmt"
	"slices"
	"strings"
)

// finder finds the source of credentials by the configuration and the environment.
type finder struct{ cfg Config }

// place is somewhere credentials may be configured.
type place struct {
	name   string
	absent string // Why nothing is there; "" if anything is, even if it's incomplete.
	open   func() (*origin, error)
}

// origin is a place that was opened.
type origin struct {
	provider provider
	name     string
	location location
}

// find opens the first place that isn't absent. passed says of each other place why
// it wasn't used.
func (f *finder) find() (found *origin, passed []string, err error) {
	places := slices.Concat(f.attributes(), f.variables(), []place{f.currentProfile()})
	for i, p := range places {
		if p.absent != "" {
			passed = append(passed, p.name+": "+p.absent)
			continue
		}
		if found, err = p.open(); err != nil {
			return nil, nil, err
		}
		for _, later := range places[i+1:] {
			if later.absent == "" {
				passed = append(passed, later.name+": set, but passed over for "+p.name)
			}
		}
		return found, passed, nil
	}
	found, err = f.instance(passed)
	return found, passed, err
}

// attributes are the places in the provider block.
func (f *finder) attributes() []place {
	cfg := f.cfg
	keys := keyPair{
		attributes: true,
		id:         setting{"access_key", cfg.AccessKey},
		secret:     setting{"secret_key", cfg.SecretKey},
		token:      setting{"security_token", cfg.SecurityToken},
	}
	return []place{
		keys.place(),
		f.profileAttribute(),
		{`attribute "credentials_uri"`, absent(cfg.CredentialsURI), func() (*origin, error) {
			return f.credentialsURI(cfg.CredentialsURI, "credentials_uri", `"credentials_uri"`)
		}},
		{`attribute "ecs_role_name"`, absent(cfg.ECSRoleName), f.ecsRoleName},
		f.oidcAttribute(),
	}
}

// variables are the places in the environment.
func (f *finder) variables() []place {
	variable := func(name string) setting { return setting{name, f.env(name)} }
	current := keyPair{
		id:     variable("ALIBABA_CLOUD_ACCESS_KEY_ID"),
		secret: variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
		token:  variable("ALIBABA_CLOUD_SECURITY_TOKEN"),
	}
	older := keyPair{
		id:     variable("ALICLOUD_ACCESS_KEY"),
		secret: variable("ALICLOUD_SECRET_KEY"),
		token:  variable("ALICLOUD_SECURITY_TOKEN"),
	}
	uri := variable("ALIBABA_CLOUD_CREDENTIALS_URI")
	return []place{
		current.place(),
		older.place(),
		f.oidcVariables(),
		f.profileVariable(),
		{uri.name, absent(uri.value), func() (*origin, error) {
			return f.credentialsURI(uri.value, "", uri.name)
		}},
	}
}

// absent is the reason why a place that depends on a single setting has nothing.
func absent(value string) string {
	if value == "" {
		return "not set"
	}
	return ""
}

// setting is an attribute, a variable or a profile's field.
type setting struct{ name, value string }

// missing returns the name of the first setting without a value; "" if all have one.
func missing(settings ...setting) string {
	for _, s := range settings {
		if s.value == "" {
			return s.name
		}
	}
	return ""
}

// incomplete is the error for a source that lacks a part.
func incomplete(attribute, source, missing string) *ConfigError {
	return &ConfigError{
		Attribute: attribute,
		Summary:   "Incomplete Credentials",
		Detail: fmt.Sprintf("Of %s, %s is missing. Credentials are taken whole from one source, never half from one "+
			"and half from another: set %s, or remove the rest to let another source answer.", source, missing, missing),
	}
}

// env reads a variable. Unset and empty are the same.
func (f *finder) env(name string) string {
	value, _ := f.cfg.LookupEnv(name)
	return value
}

// enabled reports whether a boolean variable is on, by credentials-go's rule.
func (f *finder) enabled(name string) bool {
	return strings.EqualFold(f.env(name), "true")
}

package credentials

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// candidate is a place where credentials may come from.
type candidate struct {
	label  string
	unset  string // Why nothing is there; "" where something is, be it a half.
	choose func() (*choice, error)
}

// notHere says that a place, looked at more closely, holds no credentials.
type notHere string

func (n notHere) Error() string { return string(n) }

// choose takes the first place where something is. passed tells of all others
// why not.
func (c *chooser) choose() (chosen *choice, passed []string, err error) {
	set := append(c.attributes(), c.variables()...)
	for i, place := range append(set, c.cli()) {
		why := notHere(place.unset)
		if why == "" {
			chosen, err = place.choose()
			if err != nil && !errors.As(err, &why) {
				return nil, nil, err
			}
		}
		if why != "" {
			passed = append(passed, place.label+": "+string(why))
			continue
		}
		for _, later := range set[min(i+1, len(set)):] {
			if later.unset == "" {
				passed = append(passed, later.label+": set, but passed over for "+place.label)
			}
		}
		return chosen, passed, nil
	}
	chosen, err = c.instance(passed)
	return chosen, passed, err
}

// attributes are the places in the provider block.
func (c *chooser) attributes() []candidate {
	cfg := c.cfg
	keys := keyPair{
		attributes: true,
		id:         setting{"access_key", cfg.AccessKey},
		secret:     setting{"secret_key", cfg.SecretKey},
		token:      setting{"security_token", cfg.SecurityToken},
	}
	return []candidate{
		keys.candidate(),
		{`attribute "profile"`, unset(cfg.Profile), func() (*choice, error) {
			return c.profile(cfg.Profile, "profile")
		}},
		{`attribute "credentials_uri"`, unset(cfg.CredentialsURI), func() (*choice, error) {
			return credentialsURI(cfg.CredentialsURI, "credentials_uri", `"credentials_uri"`)
		}},
		{`attribute "ecs_role_name"`, unset(cfg.ECSRoleName), c.ecsRoleName},
		c.oidcAttribute(),
	}
}

// variables are the places in the environment.
func (c *chooser) variables() []candidate {
	variable := func(name string) setting { return setting{name, c.env(name)} }
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
	return []candidate{
		current.candidate(),
		older.candidate(),
		c.oidcVariables(),
		c.profileVariable(),
		{uri.name, unset(uri.value), func() (*choice, error) {
			return credentialsURI(uri.value, "", uri.name)
		}},
	}
}

func unset(value string) string {
	if value == "" {
		return "not set"
	}
	return ""
}

// setting is an attribute, a variable or a profile's field.
type setting struct{ name, value string }

// keyPair is an access key in the provider block or in variables.
type keyPair struct {
	attributes        bool
	id, secret, token setting
}

func (k keyPair) candidate() candidate {
	place := candidate{label: k.id.name + " and " + k.secret.name, choose: k.choose}
	if k.attributes {
		place.label = fmt.Sprintf("attributes %q and %q", k.id.name, k.secret.name)
	}
	if k.id.value == "" && k.secret.value == "" {
		switch {
		case k.token.value == "":
			place.unset = "not set"
		case !k.attributes:
			// Left over from an older session: no reason to stop, none to use it.
			place.unset = "not set (" + k.token.name + " alone is of no use)"
		}
	}
	return place
}

func (k keyPair) choose() (*choice, error) {
	for _, half := range []setting{k.id, k.secret} {
		if half.value == "" {
			attribute := ""
			if k.attributes {
				attribute = half.name
			}
			return nil, incomplete(attribute, k.candidate().label, half.name)
		}
	}
	p, err := static(k.id.value, k.secret.value, k.token.value)
	return &choice{provider: p, name: k.candidate().label + " (access key " + masked(k.id.value) + ")"}, err
}

// incomplete is the error for a source of which a part is missing.
func incomplete(attribute, source, missing string) *ConfigError {
	return &ConfigError{
		Attribute: attribute,
		Summary:   "Incomplete Credentials",
		Detail: fmt.Sprintf("Of %s, %s is missing. Credentials are taken whole from one source, never half from one "+
			"and half from another: set %s, or remove the rest to let another source answer.", source, missing, missing),
	}
}

// credentialsURI is a server that hands out credentials. The URI's path and
// query may be secret, so only its host is ever shown.
func credentialsURI(uri, attribute, setBy string) (*choice, error) {
	parsed, err := url.Parse(uri)
	if err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") {
		return nil, &ConfigError{
			Attribute: attribute,
			Summary:   "Invalid Credentials URI",
			Detail:    setBy + " must be a URI that begins with http:// or https:// and names a host.",
		}
	}
	secrets := []string{uri, parsed.RequestURI(), parsed.RawQuery}
	for _, values := range parsed.Query() {
		secrets = append(secrets, values...)
	}
	built, err := providers.NewURLCredentialsProviderBuilder().WithUrl(uri).Build()
	return &choice{
		provider: &library{CredentialsProvider: built, secrets: secrets},
		name:     "the credentials URI at " + parsed.Host + " (" + setBy + ")",
	}, err
}

// oidcAttribute is the attribute "assume_role_with_oidc".
func (c *chooser) oidcAttribute() candidate {
	const attribute = "assume_role_with_oidc"
	place := candidate{label: fmt.Sprintf("attribute %q", attribute)}
	role := c.cfg.AssumeRoleWithOIDC
	if role == nil {
		place.unset = "not set"
		return place
	}
	place.choose = func() (*choice, error) {
		if role.Token != "" && role.TokenFile != "" {
			return nil, &ConfigError{
				Attribute: attribute + ".oidc_token_file",
				Summary:   "Two OIDC Tokens",
				Detail:    `Set either "oidc_token" or "oidc_token_file": it can't be told which one is meant.`,
			}
		}
		for _, half := range []setting{
			{"role_arn", role.RoleARN},
			{"oidc_provider_arn", role.ProviderARN},
			{"oidc_token_file", role.Token + role.TokenFile},
		} {
			if half.value == "" {
				return nil, incomplete(attribute+"."+half.name, place.label, half.name)
			}
		}
		p, err := c.newOIDC(*role, attribute+".session_expiration", c.cfg.Region, false)
		return &choice{provider: p, name: "the role " + role.RoleARN + " (assume_role_with_oidc)"}, err
	}
	return place
}

// oidcVariables are the variables that Kubernetes (RRSA) and CI systems set. A
// role alone says nothing: other tools use it with keys.
func (c *chooser) oidcVariables() candidate {
	const (
		roleName     = "ALIBABA_CLOUD_ROLE_ARN"
		providerName = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
		fileName     = "ALIBABA_CLOUD_OIDC_TOKEN_FILE"
		tokenName    = "ALIBABA_CLOUD_OIDC_TOKEN"
	)
	role := AssumeRoleWithOIDC{
		RoleARN:     c.env(roleName),
		ProviderARN: c.env(providerName),
		Token:       c.env(tokenName),
		TokenFile:   c.env(fileName),
		SessionName: c.env("ALIBABA_CLOUD_ROLE_SESSION_NAME"),
	}
	place := candidate{label: providerName + " and " + fileName}
	if role.ProviderARN == "" && role.Token == "" && role.TokenFile == "" {
		place.unset = "not set"
		return place
	}
	place.choose = func() (*choice, error) {
		for _, half := range []setting{
			{roleName, role.RoleARN},
			{providerName, role.ProviderARN},
			{fileName, role.Token + role.TokenFile},
		} {
			if half.value == "" {
				return nil, incomplete("", "the OIDC variables", half.name)
			}
		}
		p, err := c.newOIDC(role, "", c.cfg.Region, false)
		return &choice{provider: p, name: "the role " + role.RoleARN + " (OIDC variables)"}, err
	}
	return place
}

func (c *chooser) newOIDC(role AssumeRoleWithOIDC, durationAttribute, region string, vpc bool) (provider, error) {
	duration, err := sessionDuration(durationAttribute, role.SessionExpiration)
	if err != nil {
		return nil, err
	}
	p := assumeRoleWithOIDC{
		client:    c.newSTSClient(nil, region, vpc),
		tokenFile: role.TokenFile,
		request: assumeRoleWithOIDCRequest{
			RoleARN:         role.RoleARN,
			ProviderARN:     role.ProviderARN,
			Token:           role.Token,
			SessionName:     cmp.Or(role.SessionName, defaultSessionName),
			DurationSeconds: duration,
			Policy:          role.Policy,
		},
	}
	return newRefreshing(p.fetch), nil
}

// profileVariable is a profile of the CLI that the environment names.
func (c *chooser) profileVariable() candidate {
	const current, older = "ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"
	place := candidate{label: current + " and " + older}
	name := cmp.Or(c.env(current), c.env(older))
	switch {
	case name == "":
		place.unset = "not set"
	case c.enabled(cliDisabled):
		place.unset = "set, but " + cliDisabled + " is true"
	}
	place.choose = func() (*choice, error) { return c.profile(name, "") }
	return place
}

// enabled tells whether a switch in the environment is on, as credentials-go
// reads it.
func (c *chooser) enabled(name string) bool {
	return strings.EqualFold(c.env(name), "true")
}

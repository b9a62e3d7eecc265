package credentials

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// finder finds the source of credentials by the configuration and the environment.
type finder struct {
	cfg       Config
	http      *rpc.HTTPClient
	passed    []string // Why each place before the chosen one wasn't used.
	warnings  []Warning
	transport http.RoundTripper
}

func newFinder(cfg Config) *finder {
	transport := rpc.NewTransport(1)
	transport.DisableKeepAlives = true // One request in many minutes gains nothing from a connection kept open.
	return &finder{cfg: cfg, http: rpc.NewHTTPClient(cfg.UserAgent, transport), transport: transport}
}

// place is somewhere credentials may be configured.
type place struct {
	name string
	set  bool // Whether anything is there, even if it's incomplete.
	rank rank
	open func() (*origin, error) // The error may be [absent].
}

// rank is the order in which the official provider takes its sources.
type rank int

const (
	unranked rank = iota // The official provider doesn't know the source.
	keysRank
	profileRank
	uriRank
	ecsRoleRank
	oidcRank
)

// absent is why a place has nothing after all.
type absent string

func (a absent) Error() string { return string(a) }

// origin is a place that was opened.
type origin struct {
	fetch   fetcher
	fixed   bool // Whether its credentials are always the same.
	name    string
	profile *cliProfile // nil where it isn't one of the CLI's.
}

// find opens the first place where anything is set. The last one is the metadata
// service, which needs no setting.
func (f *finder) find(ctx context.Context) (*origin, error) {
	places := slices.Concat(f.attributes(ctx), f.variables(ctx), []place{f.currentProfile(ctx)})
	for i, p := range places {
		if !p.set {
			f.passed = append(f.passed, p.name+": not set")
			continue
		}
		found, err := p.open()
		if reason := absent(""); errors.As(err, &reason) {
			f.passed = append(f.passed, p.name+": "+string(reason))
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, later := range places[min(i+1, len(places)-1) : len(places)-1] {
			if later.set {
				f.passed = append(f.passed, later.name+": set, but passed over for "+p.name)
			}
		}
		f.warnOtherIdentity(found, p, places)
		return found, nil
	}
	found, err := f.lastResort()
	if err == nil {
		f.warnOtherIdentity(found, place{}, places)
	}
	return found, err
}

// attributes are the places in the provider block.
func (f *finder) attributes(ctx context.Context) []place {
	cfg := f.cfg
	profile := setting{`attribute "profile"`, cfg.Profile}
	uri := setting{`attribute "credentials_uri"`, cfg.CredentialsURI}
	role := setting{`attribute "ecs_role_name"`, cfg.ECSRoleName}
	return []place{
		f.keys(keyPair{
			id:         setting{"access_key", cfg.AccessKey},
			secret:     setting{"secret_key", cfg.SecretKey},
			token:      setting{"security_token", cfg.SecurityToken},
			attributes: true,
		}),
		{profile.name, profile.value != "", profileRank, func() (*origin, error) {
			found, err := f.profile(ctx, profile)
			return found, at("profile", err)
		}},
		{uri.name, uri.value != "", uriRank, func() (*origin, error) { return f.credentialsURI(uri, "credentials_uri") }},
		{role.name, role.value != "", ecsRoleRank, func() (*origin, error) { return f.ecsRole(role, "ecs_role_name") }},
		f.oidcBlock(),
	}
}

// cliProfileVariable names a profile to the CLI, but not to the official provider.
const cliProfileVariable = "ALIBABACLOUD_PROFILE"

// variables are the places in the environment.
func (f *finder) variables(ctx context.Context) []place {
	profile := f.first("ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE", cliProfileVariable)
	uri := f.first("ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI")
	role := f.first("ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA")
	profileRank := profileRank
	if profile.name == cliProfileVariable {
		profileRank = unranked
	}
	var places []place
	for _, family := range keyFamilies {
		places = append(places, f.keys(keyPair{id: f.variable(family[0]), secret: f.variable(family[1]), token: f.variable(family[2])}))
	}
	return append(
		places,
		f.oidcVariables(),
		place{profile.name, profile.value != "", profileRank, func() (*origin, error) {
			if off := f.profilesDisabled(); off != "" {
				return nil, absent("set, but " + off + " is true")
			}
			return f.profile(ctx, profile)
		}},
		place{uri.name, uri.value != "", uriRank, func() (*origin, error) { return f.credentialsURI(uri, "") }},
		place{role.name, role.value != "", ecsRoleRank, func() (*origin, error) { return f.ecsRole(role, "") }},
	)
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

// chosen returns the first setting with a value, or the last.
func chosen(settings ...setting) setting {
	for _, s := range settings {
		if s.value != "" {
			return s
		}
	}
	return settings[len(settings)-1]
}

// present names the settings that have a value.
func present(settings ...setting) string {
	var names []string
	for _, s := range settings {
		if s.value != "" {
			names = append(names, s.name)
		}
	}
	return strings.Join(names, " and ")
}

// env reads a variable, without white space around its value. Unset and empty are the
// same.
func (f *finder) env(name string) string {
	value, _ := f.cfg.LookupEnv(name)
	return strings.TrimSpace(value)
}

func (f *finder) variable(name string) setting { return setting{name, f.env(name)} }

// first gives the first variable that is set. Where none is, the name is of all.
func (f *finder) first(names ...string) setting {
	for _, name := range names {
		if value := f.env(name); value != "" {
			return setting{name, value}
		}
	}
	return setting{name: strings.Join(names, ", ")}
}

// enabled reports whether a boolean variable is on.
func (f *finder) enabled(name string) bool {
	value := f.env(name)
	return strings.EqualFold(value, "true") || value == "1"
}

// cached keeps a source's sessions.
func (f *finder) cached(o *origin) *cache {
	return &cache{fetch: o.fetch, fixed: o.fixed, now: f.cfg.Now, logger: f.cfg.Logger}
}

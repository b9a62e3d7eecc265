package credentials

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// finder finds the source of credentials by the configuration and the environment.
type finder struct {
	cfg       Config
	transport http.RoundTripper
	http      *rpc.HTTPClient
	skipped   []string // Why each candidate but the chosen one isn't used.
	warnings  []Warning
}

// New chooses the source, without a call over the network and without running
// anything. It reads the aliyun CLI's configuration only where that is the source, or
// the next place to look. Its errors are all [*ConfigError], but for the context's.
func New(ctx context.Context, cfg Config) (*Source, error) {
	transport := rpc.NewTransport(1)
	transport.DisableKeepAlives = true // One request in many minutes gains nothing from a connection kept open.
	f := &finder{cfg: cfg, http: rpc.NewHTTPClient(cfg.UserAgent, transport), transport: transport}
	source, err := f.find(ctx)
	if err == nil && cfg.AssumeRole != nil {
		source, err = f.assumeRole(source)
	}
	if err != nil {
		return nil, err
	}
	f.warnUnread(source.profile)
	source.Region, source.Warnings = source.profile.RegionID, f.warnings
	cfg.Logger.InfoContext(ctx, "credentials come from "+source.name, slog.String("skipped", strings.Join(f.skipped, "; ")))
	return source, nil
}

// candidate is a source that may be configured.
type candidate struct {
	name      string
	set       bool   // Whether anything of it is set, even if it's incomplete.
	off       string // What switches it off; "" for nothing.
	attribute string // The argument to blame; "" where it is none.
	rank      rank
	open      func() (*Source, error)
}

// find opens the first candidate of which anything is set. Where none is, these are
// left: the CLI's current profile, and the role of the instance.
func (f *finder) find(ctx context.Context) (found *Source, err error) {
	var used candidate
	candidates := f.candidates(ctx)
	for _, c := range candidates {
		switch {
		case !c.set && found == nil:
			f.skip(c.name, "not set")
		case c.set && found != nil:
			f.skip(c.name, "set, but "+used.name+" comes first")
		case c.set && c.off != "":
			f.skip(c.name, "set, but "+c.off+" is true")
		case c.set:
			used = c
			if found, err = c.open(); err != nil {
				return nil, at(c.attribute, err)
			}
		}
	}
	if found == nil {
		found, err = f.currentProfile(ctx)
	}
	if found == nil && err == nil {
		found, err = f.lastResort()
	}
	if err == nil {
		f.warnOtherIdentity(found, used, candidates)
	}
	return found, err
}

func (f *finder) skip(name, reason string) { f.skipped = append(f.skipped, name+": "+reason) }

// candidates are the sources in the provider block, and then those in the environment.
func (f *finder) candidates(ctx context.Context) []candidate {
	candidates := []candidate{
		f.keys(
			`attributes "access_key" and "secret_key"`,
			setting{"access_key", f.cfg.AccessKey, "access_key"},
			setting{"secret_key", f.cfg.SecretKey, "secret_key"},
			setting{"security_token", f.cfg.SecurityToken, "security_token"},
		),
		f.profileCandidate(ctx, setting{`attribute "profile"`, f.cfg.Profile, "profile"}),
		single(setting{`attribute "credentials_uri"`, f.cfg.CredentialsURI, "credentials_uri"}, uriRank, f.credentialsURI),
		single(setting{`attribute "ecs_role_name"`, f.cfg.ECSRoleName, "ecs_role_name"}, ecsRoleRank, f.ecsRole),
		f.oidcBlock(),
	}
	for _, family := range keyFamilies {
		candidates = append(candidates, f.keys(family[0]+" and "+family[1], f.first(family[0]), f.first(family[1]), f.first(family[2])))
	}
	profile := f.profileCandidate(ctx, f.first(profileNames...))
	profile.off = f.profilesOff()
	return append(candidates, f.oidcVariables(), profile,
		single(f.first(uriNames...), uriRank, f.credentialsURI),
		single(f.first(ecsRoleNames...), ecsRoleRank, f.ecsRole))
}

// single is a source that one setting chooses.
func single(s setting, r rank, open func(setting) (*Source, error)) candidate {
	return candidate{name: s.name, set: s.value != "", attribute: s.attribute, rank: r, open: func() (*Source, error) { return open(s) }}
}

// keys is an AccessKey in the provider block or in variables. A token without a key in
// the environment is left over from an older session; in the block it is a mistake.
func (f *finder) keys(name string, id, secret, token setting) candidate {
	if id.value != "" {
		name += " (access key " + masked(id.value) + ")"
	}
	set := id.value != "" || secret.value != "" || token.attribute != "" && token.value != ""
	// Terraform shows a line for an attribute that is set, but none for a missing one.
	attribute := chosen(id, secret, token).attribute
	return candidate{name: name, set: set, attribute: attribute, rank: keysRank, open: func() (*Source, error) {
		if set, unset := named(id, secret, token); id.value == "" || secret.value == "" {
			return nil, incomplete(unset[0], set...)
		}
		f.warnOtherToken(name, token)
		return f.fixedSource(name, id.value, secret.value, token.value), nil
	}}
}

func (f *finder) newSource(name string, fetch fetcher) *Source {
	return &Source{name: name, profile: &cliProfile{}, fetch: fetch, now: f.cfg.Now, logger: f.cfg.Logger}
}

// fixedSource is a source whose credentials are given.
func (f *finder) fixedSource(name, id, secret, token string) *Source {
	given := session{keys: rpc.Credentials{AccessKeyID: id, AccessKeySecret: secret, SecurityToken: token}}
	source := f.newSource(name, func(context.Context) (session, error) { return given, nil })
	source.fixed = true
	return source
}

// masked keeps at most the last four characters of an AccessKey ID, enough to tell keys
// apart.
func masked(key string) string { return "****" + key[len(key)-min(4, len(key)/2):] }

package credentials

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// metadataTimeout bounds all requests together: most machines are no instances, and
// their users shouldn't wait for long.
const metadataTimeout = 5 * time.Second

// metadata gets the credentials of the instance's RAM role from its metadata service.
// role may be empty: an instance has one role at most, and the service says which.
func (f *finder) metadata(role string) (*foundSource, error) {
	if f.enabled(metadataDisabled) {
		return nil, mistake("Metadata Service Disabled", "The credentials of an instance's RAM role come from its metadata service, and %s is true. "+
			"Unset that variable, or use another source of credentials.", metadataDisabled)
	}
	return &foundSource{fetch: func(ctx context.Context) (session, error) {
		limited, cancel := context.WithTimeout(ctx, metadataTimeout)
		defer cancel()
		next, err := f.askMetadata(limited, role)
		if limited.Err() != nil && ctx.Err() == nil {
			return next, &Error{Message: "the metadata service doesn't respond", Transient: true, Err: limited.Err()}
		}
		return next, err
	}}, nil
}

func (f *finder) askMetadata(ctx context.Context, role string) (session, error) {
	address := f.cfg.MetadataEndpoint.String() + "/latest/"
	var failure *Error
	header := map[string]string{"X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds": "21600"}
	token, err := f.send(ctx, message{method: http.MethodPut, url: address + "api/token", header: header})
	if err == nil {
		header = map[string]string{"X-Aliyun-Ecs-Metadata-Token": string(token)}
	} else if f.enabled(imdsV1Disabled) || !errors.As(err, &failure) || failure.status == 0 {
		return session{}, err
	} // Otherwise the service is of the first version, which knows no tokens.
	ask := message{
		method: http.MethodGet, url: address + "meta-data/ram/security-credentials/",
		header: header, secrets: []string{string(token)},
	}
	if role == "" {
		names, err := f.send(ctx, ask)
		if err != nil {
			return session{}, noRole(err)
		}
		role, _, _ = strings.Cut(string(names), "\n")
	}
	ask.url += url.PathEscape(role)
	next, err := f.session(ctx, ask, false)
	return next, noRole(err)
}

// noRole explains the metadata service's response where there is no such role.
func noRole(err error) error {
	var failure *Error
	if errors.As(err, &failure) && failure.status == http.StatusNotFound {
		failure.Message = "no such RAM role on this machine (" + failure.Message + ")"
	}
	return err
}

// ecsRole is the role that an argument or a variable names.
func (f *finder) ecsRole(role setting) (*foundSource, error) {
	found, err := f.metadata(role.value)
	if err == nil {
		found.name = "the instance's RAM role " + role.value + " (" + role.name + ")"
	}
	return found, err
}

// lastResort is the role of the instance, if this machine is one. Most are none, so a
// failure of the first request says that nothing was found, and where.
func (f *finder) lastResort() (*foundSource, error) {
	const label = "the instance's RAM role"
	found, err := f.metadata("")
	if err != nil {
		return nil, nothingFound(append(f.skipped, label+": not asked, since "+metadataDisabled+" is true"))
	}
	skipped := slices.Clone(f.skipped)
	answered := false // One fetch at a time reads it.
	return &foundSource{
		name: label + " (metadata service)",
		fetch: func(ctx context.Context) (session, error) {
			next, err := found.fetch(ctx)
			answered = answered || err == nil
			if failure := (*Error)(nil); !answered && errors.As(err, &failure) {
				return next, nothingFound(append(skipped, label+": "+failure.Message))
			}
			return next, err
		},
	}, nil
}

// nothingFound is the error for a search without a result.
func nothingFound(skipped []string) *ConfigError {
	return mistake("No Credentials Found", "Set the variables ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or log in by `aliyun configure`, "+
		"or use another source: https://registry.terraform.io/providers/seed01464933/aliyun/latest/docs/guides/authentication"+
		"\n\nThe provider looked in these places, in this order:\n\n  - %s", strings.Join(skipped, "\n  - "))
}

package credentials

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// metadataTimeout bounds all requests together: most machines are no instances, and
// their users shouldn't wait for long.
const metadataTimeout = 5 * time.Second

// metadata gets the credentials of the instance's RAM role from its metadata service.
// role may be empty: an instance has one role at most, and the service says which.
func (f *finder) metadata(name, role string) (*Source, error) {
	if f.enabled(metadataDisabled) {
		return nil, mistake("Metadata Service Disabled", "The credentials of an instance's RAM role come from its metadata service, and %s is true. "+
			"Unset that variable, or use another source of credentials.", metadataDisabled)
	}
	return f.newSource(name, func(ctx context.Context) (session, error) {
		ctx, cancel := context.WithTimeout(ctx, metadataTimeout)
		defer cancel()
		next, err := f.askMetadata(ctx, role)
		failure, failed := errors.AsType[*rpc.Error](err)
		switch {
		case failed && errors.Is(err, context.DeadlineExceeded):
			failure.Message = "the metadata service doesn't respond"
		case failed && failure.Status == http.StatusNotFound:
			failure.Message = "no such RAM role on this machine"
		}
		return next, err
	}), nil
}

func (f *finder) askMetadata(ctx context.Context, role string) (session, error) {
	address := f.cfg.MetadataEndpoint.String() + "/latest/"
	ask := message{method: http.MethodPut, url: address + "api/token", header: http.Header{"X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds": {"21600"}}}
	token, err := f.send(ctx, ask, nil)
	ask = message{method: http.MethodGet, url: address + "meta-data/ram/security-credentials/", secrets: []string{string(token)}}
	switch failure, _ := errors.AsType[*rpc.Error](err); {
	case err == nil:
		ask.header = http.Header{"X-Aliyun-Ecs-Metadata-Token": {string(token)}}
	case failure.Kind != rpc.KindService && failure.Kind != rpc.KindStatus:
		return session{}, err
	case f.enabled(imdsV1Disabled):
		refusal := "the metadata service gives no token (" + err.Error() + "), and " + imdsV1Disabled + " is true"
		return session{}, &rpc.Error{Message: refusal, Transient: failure.Transient, RetryAfter: failure.RetryAfter}
	} // Otherwise the service is of the first version, which knows no tokens.
	if role == "" {
		names, err := f.send(ctx, ask, nil)
		if err != nil {
			return session{}, err
		}
		role, _, _ = strings.Cut(string(names), "\n")
	}
	ask.url += url.PathEscape(role)
	return f.session(ctx, ask, false)
}

// ecsRole is the role that an argument or a variable names.
func (f *finder) ecsRole(role setting) (*Source, error) {
	return f.metadata("the instance's RAM role "+role.value+" ("+role.name+")", role.value)
}

// lastResort is the role of the instance, if this machine is one. Most are none, so as
// long as no request succeeded, a failure says that nothing was found, and where.
func (f *finder) lastResort() (*Source, error) {
	const label = "the instance's RAM role"
	source, err := f.metadata(label+" (metadata service)", "")
	if err != nil {
		return nil, nothingFound(append(f.skipped, label+": not asked, since "+metadataDisabled+" is true"))
	}
	fetch, answered := source.fetch, false // One fetch at a time reads it.
	source.fetch = func(ctx context.Context) (session, error) {
		next, err := fetch(ctx)
		if answered = answered || err == nil; !answered {
			err = nothingFound(append(f.skipped, label+": "+err.Error()))
		}
		return next, err
	}
	return source, nil
}

// nothingFound is the error for a search without a result.
func nothingFound(skipped []string) *ConfigError {
	return mistake("No Credentials Found", "Set the variables ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or log in by `aliyun configure`, "+
		"or use another source: https://registry.terraform.io/providers/seed01464933/aliyun/latest/docs/guides/authentication"+
		"\n\nThe provider looked in these places, in this order:\n\n  - %s", strings.Join(skipped, "\n  - "))
}

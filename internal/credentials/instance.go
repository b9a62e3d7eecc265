package credentials

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/credentials-go/credentials/providers"
)

const (
	metadataDisabled = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"
	imdsV1Disabled   = "ALIBABA_CLOUD_IMDSV1_DISABLED"
)

// metadata asks the instance's metadata service. role may be empty: an instance
// has one role at most, and the service says which. credentials-go then takes
// the name from ALIBABA_CLOUD_ECS_METADATA where that is set, which can't mix
// identities for the same reason.
func (f *finder) metadata(role string) (provider, error) {
	if f.enabled(metadataDisabled) {
		return nil, &ConfigError{
			Summary: "Metadata Service Disabled",
			Detail:  "The keys of an instance's RAM role come from its metadata service, and " + metadataDisabled + " is true.",
		}
	}
	return f.newLibrary(func() (providers.CredentialsProvider, error) {
		return providers.NewECSRAMRoleCredentialsProviderBuilder().
			WithRoleName(role).
			WithDisableIMDSv1(f.enabled(imdsV1Disabled)).
			Build()
	})
}

// ecsRoleName is the attribute "ecs_role_name".
func (f *finder) ecsRoleName() (*origin, error) {
	p, err := f.metadata(f.cfg.ECSRoleName)
	if err != nil {
		return nil, at("ecs_role_name", err)
	}
	return &origin{provider: p, name: "the instance's RAM role " + f.cfg.ECSRoleName + " (ecs_role_name)"}, nil
}

// instance is the last resort: the role of the instance, if this is one.
// searched tells of all places before it.
func (f *finder) instance(searched []string) (*origin, error) {
	const label = "the instance's RAM role"
	p, err := f.metadata("")
	if err != nil {
		return nil, nothingFound(append(searched, label+": not asked, since "+metadataDisabled+" is true"))
	}
	return &origin{
		provider: &lastResort{provider: p, label: label, searched: searched},
		name:     label + " (metadata service)",
	}, nil
}

// nothingFound is the error for a search without a result.
func nothingFound(searched []string) *ConfigError {
	return &ConfigError{
		Summary: "No Credentials Found",
		Detail: "The provider looked for credentials in these places, in this order:\n\n  - " + strings.Join(searched, "\n  - ") +
			"\n\nSet one of them. See https://registry.terraform.io/providers/seed01464933/aliyun/latest/docs/guides/authentication",
	}
}

// timedOut matches texts of net/http: credentials-go doesn't wrap its errors here.
var timedOut = regexp.MustCompile(`i/o timeout|Client\.Timeout exceeded|deadline exceeded`)

// lastResort turns the metadata service's failure into "nothing found": most
// machines are no instances, and the user wants to hear of the other places.
type lastResort struct {
	provider
	label    string
	searched []string
	answered bool
}

func (l *lastResort) retrieve(ctx context.Context) (*sdkcredentials.Credentials, error) {
	keys, err := l.provider.retrieve(ctx)
	if err != nil && !l.answered && timedOut.MatchString(err.Error()) {
		// A busy instance may need longer than the second or two that credentials-go
		// waits. Elsewhere, this waits once more for nothing.
		keys, err = l.provider.retrieve(ctx)
	}
	if err == nil {
		l.answered = true
		return keys, nil
	}
	if l.answered {
		return nil, err
	}
	why := err.Error()
	var failure *Error
	if errors.As(err, &failure) {
		why = failure.Message
	}
	return nil, nothingFound(append(slices.Clone(l.searched), l.label+": "+why))
}

package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seed01464933/terraform-provider-aliyun/internal/credentials"
	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// failure is a read that failed, with what is worth telling about it.
type failure struct {
	query   ecs.Query
	timeout time.Duration
	source  *credentials.Source
	at      func(argument string) path.Path // Where the filters are.
}

// diagnostic makes of a read's error what people see: what failed, why, and what
// to do. It is the one place where errors of the rooms below become diagnostics.
func (f failure) diagnostic(err error) diag.Diagnostic {
	var (
		interrupted *ecs.InterruptedReadError
		incomplete  *ecs.IncompleteError
		call        *rpc.Error
	)
	switch {
	case errors.As(err, &interrupted):
		return f.interrupted(interrupted)
	case errors.As(err, &incomplete):
		return diag.NewErrorDiagnostic("Incomplete Snapshot List",
			fmt.Sprintf("Reading the snapshots of %s: %s.\n\nA part of a list is never returned. Run again. If it stays "+
				"so, check what answers at the provider's endpoints.ecs; where snapshots come and go all the time, narrower filters help.", f.query.RegionID, incomplete.Error()))
	case errors.As(err, &call):
		return f.call(call)
	default:
		return diag.NewErrorDiagnostic("Snapshots Could Not Be Read", err.Error())
	}
}

// interrupted tells of a read that ended before it was done.
func (f failure) interrupted(e *ecs.InterruptedReadError) diag.Diagnostic {
	last := ""
	if e.Last != nil {
		last = fmt.Sprintf("\n\nThe last failure was: %v", e.Last)
	}
	remedy := "Raise timeouts.read, or narrow the filters."
	var call *rpc.Error
	if errors.As(e.Last, &call) {
		if known, ok := findAdvice(call.Code); ok {
			remedy = known.remedy
		}
	}
	if errors.Is(e.Cause, context.DeadlineExceeded) {
		return diag.NewAttributeErrorDiagnostic(path.Root("timeouts").AtName("read"), "Reading Snapshots Timed Out",
			fmt.Sprintf("Reading the snapshots of %s took longer than timeouts.read, which is %s: %s.%s\n\n%s",
				f.query.RegionID, f.timeout, e.Progress, last, remedy))
	}
	return diag.NewErrorDiagnostic("Reading Snapshots Cancelled",
		fmt.Sprintf("Reading the snapshots of %s was cancelled: %s.%s", f.query.RegionID, e.Progress, last))
}

// call tells of a call that failed for good.
func (f failure) call(e *rpc.Error) diag.Diagnostic {
	switch e.Kind {
	case rpc.KindService:
		return f.service(e)
	case rpc.KindCredentials:
		return f.credentials(e)
	}
	told := toldOfKind[e.Kind]
	return diag.NewErrorDiagnostic(told.summary, detail(
		fmt.Sprintf("Calling %s at %s: %s", e.Action, e.Host, sentence(e.Message)),
		told.remedy,
		facts(e),
	))
}

// toldOfKind is what to tell of failures without a code.
var toldOfKind = map[rpc.Kind]struct{ summary, remedy string }{
	rpc.KindStatus: {"Unexpected Response", "The response isn't the service's: a proxy or gateway in between sent it. " +
		"Check HTTPS_PROXY, NO_PROXY and the provider's endpoints.ecs."},
	rpc.KindRedirect: {"Unexpected Redirect", "A signed request isn't sent elsewhere. A proxy's login page often redirects; " +
		"check HTTPS_PROXY and the provider's endpoints.ecs, which must name the service itself."},
	rpc.KindReply: {"Unreadable Response", "What answered isn't the service, or something in between changed the response. " +
		"Check HTTPS_PROXY, NO_PROXY and the provider's endpoints.ecs."},
	rpc.KindNetwork: {"Could Not Reach the Service", "Check that this machine can reach the host, directly or through HTTPS_PROXY, and that the region id and " +
		"the provider's endpoints.ecs, if set, are right. An endpoint uses HTTPS unless it starts with http://."},
	rpc.KindTLS: {"TLS Connection Failed", "The server's certificate isn't trusted, or it doesn't speak TLS. Behind a proxy that inspects TLS, " +
		"name its authority by SSL_CERT_FILE; for a plain endpoint write http:// in the provider's endpoints.ecs; check this machine's clock."},
}

// service tells of an error code.
func (f failure) service(e *rpc.Error) diag.Diagnostic {
	known, ok := findAdvice(e.Code)
	if !ok {
		known = advice{
			summary: "Snapshots Could Not Be Read",
			remedy:  "The service's error center explains the code: https://error-center.alibabacloud.com/status/product/Ecs",
		}
	}
	if known.argument == "" && strings.HasPrefix(e.Code, "InvalidParameter") {
		known.argument = argumentNamed(e.Message)
	}
	about := []string{
		fmt.Sprintf("Reading the snapshots of %s: %s", f.query.RegionID, sentence(e.Message)),
		known.remedy,
	}
	if known.argument == "" {
		about = append(about, fmt.Sprintf("Credentials: %s.", f.source), facts(e))
		return diag.NewErrorDiagnostic(known.summary, detail(about...))
	}
	at := f.at(known.argument)
	switch {
	case known.argument == "creation_start_time" && f.query.CreatedFrom.IsZero():
		at = f.at("creation_end_time")
	case known.argument == "region_id", known.argument == "dry_run":
		at = path.Root(known.argument)
	}
	about = append(about, fmt.Sprintf("Argument: %s.", at), facts(e))
	return diag.NewAttributeErrorDiagnostic(at, known.summary, detail(about...))
}

// credentials tells of keys that couldn't be had.
func (f failure) credentials(e *rpc.Error) diag.Diagnostic {
	var mistake *credentials.ConfigError
	if errors.As(e, &mistake) { // Some show only now: nothing is found where the metadata service has nothing.
		return credentialsDiagnostic(mistake)
	}
	var cause *credentials.Error
	if !errors.As(e, &cause) {
		return diag.NewErrorDiagnostic("No Credentials", e.Message)
	}
	code := ""
	if cause.Code != "" {
		code = "Code: " + cause.Code
		if cause.RequestID != "" {
			code += ", request id: " + cause.RequestID
		}
		code += "."
	}
	return diag.NewErrorDiagnostic("Could Not Get Credentials", detail(
		fmt.Sprintf("Getting keys from %s: %s", cause.Source, sentence(cause.Message)),
		"Check that source. The guide to authentication in the provider's documentation has a table of error codes.",
		code,
	))
}

// credentialsDiagnostic tells of a mistake in the choice of credentials.
func credentialsDiagnostic(err error) diag.Diagnostic {
	var mistake *credentials.ConfigError
	if !errors.As(err, &mistake) {
		return diag.NewErrorDiagnostic("Credentials Not Usable", err.Error())
	}
	if mistake.Attribute == "" {
		return diag.NewErrorDiagnostic(mistake.Summary, mistake.Detail)
	}
	var at path.Path
	for i, step := range strings.Split(mistake.Attribute, ".") {
		if i == 0 {
			at = path.Root(step)
		} else {
			at = at.AtName(step)
		}
	}
	return diag.NewAttributeErrorDiagnostic(at, mistake.Summary, mistake.Detail)
}

// providerUnknown tells that the provider block depends on what isn't known yet.
func providerUnknown() diag.Diagnostic {
	return diag.NewErrorDiagnostic("Provider Configuration Not Known Yet",
		"An argument of the provider \"aliyun\" block has a value that isn't known yet, so snapshots can't be read now.\n\n"+
			"Where it comes from a resource: let the data source wait for that resource by depends_on, apply the resource first by -target, "+
			"or give the provider a value that is known. Where it comes from a variable: check that the variable is declared and given; "+
			"terraform test passes on undeclared ones as unknown.")
}

// regionMissing tells every place that was looked at for a region.
func regionMissing(source *credentials.Source) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("region_id"), "No Region",
		fmt.Sprintf("No region is known. These places were looked at: the data source's region_id, the provider's region, "+
			"the environment variables %s, and the region_id of the chosen profile (credentials: %s). Set one of them; there is no default region.",
			strings.Join(regionVariables, ", "), source))
}

// regionInvalid tells of a region that came from elsewhere than an argument,
// which would have been refused before.
func regionInvalid(region string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("region_id"), "Invalid Region ID",
		fmt.Sprintf("%q, from the environment or a profile, is not a valid region id such as cn-hangzhou.", region))
}

// facts are what the service's support asks for.
func facts(e *rpc.Error) string {
	var parts []string
	if e.Code != "" {
		parts = append(parts, "Code: "+e.Code)
	}
	if e.Status != 0 {
		parts = append(parts, fmt.Sprintf("HTTP status: %d", e.Status))
	}
	if e.RequestID != "" {
		parts = append(parts, "request id: "+e.RequestID)
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, ", ") + "."
}

// detail joins paragraphs, without empty ones.
func detail(paragraphs ...string) string {
	var kept []string
	for _, p := range paragraphs {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n\n")
}

// sentence ends a message of somebody else's like a sentence.
func sentence(message string) string {
	message = strings.TrimSpace(message)
	if message == "" {
		return "no message was given."
	}
	if strings.HasSuffix(message, ".") || strings.HasSuffix(message, "!") || strings.HasSuffix(message, "?") {
		return message
	}
	return message + "."
}

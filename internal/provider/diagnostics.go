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

// failedRead is a read that failed, with what a message says about it.
type failedRead struct {
	region  string
	timeout time.Duration
	source  fmt.Stringer // Of the credentials.
	filters arguments
	at      func(argument string) path.Path // Where the filters are.
}

// diagnostic is the one place where errors of the lower packages become messages: what
// failed, why, what to do, the argument, the code and the request ID.
func (f failedRead) diagnostic(err error) diag.Diagnostic {
	var (
		interrupted *ecs.InterruptedReadError
		incomplete  *ecs.IncompleteError
		value       *ecs.ValueError
		call        *rpc.Error
	)
	switch {
	case errors.As(err, &interrupted):
		return f.interrupted(interrupted)
	case errors.As(err, &incomplete):
		return diag.NewErrorDiagnostic("Incomplete Snapshot List", detail(
			f.reading(incomplete.Reason),
			"The provider never returns a part of a list. Run again. If the error persists, check what answers at endpoints.ecs; where snapshots come and go all the time, narrower filters help."))
	case errors.As(err, &value):
		return diag.NewErrorDiagnostic("Unreadable Snapshot", detail(
			f.reading(fmt.Sprintf("snapshot %q has %s = %q, which can't be read, and the result depends on it", value.SnapshotID, value.Field, value.Value)),
			"The API has a form for this value that the provider doesn't know. Please report it, with this message. Filters that exclude the snapshot avoid the error.",
			facts(&rpc.Error{RequestID: value.RequestID})))
	case errors.As(err, &call):
		return f.call(call)
	}
	return diag.NewErrorDiagnostic("Snapshots Could Not Be Read", err.Error())
}

func (f failedRead) reading(what string) string {
	return fmt.Sprintf("Reading the snapshots of %s: %s", f.region, sentence(what))
}

// interrupted is the message for a read that ended before it was done.
func (f failedRead) interrupted(e *ecs.InterruptedReadError) diag.Diagnostic {
	last, remedy := "", "Raise timeouts.read, or narrow the filters."
	if e.Last != nil {
		last = "The last failure: " + sentence(e.Last.Error())
	}
	var call *rpc.Error
	if errors.As(e.Last, &call) {
		if known, ok := f.advice(call.Code); ok {
			remedy = known.remedy
		}
	}
	if errors.Is(e.Cause, context.DeadlineExceeded) {
		return diag.NewAttributeErrorDiagnostic(timeoutPath, "Reading Snapshots Timed Out", detail(
			fmt.Sprintf("Reading the snapshots of %s took longer than timeouts.read, which is %s: %s", f.region, f.timeout, sentence(e.Progress)), last, remedy))
	}
	return diag.NewErrorDiagnostic("Reading Snapshots Cancelled", detail(
		fmt.Sprintf("Reading the snapshots of %s was cancelled: %s", f.region, sentence(e.Progress)), last))
}

// call is the message for a call that failed for good.
func (f failedRead) call(e *rpc.Error) diag.Diagnostic {
	calling := fmt.Sprintf("Calling %s at %s: %s", e.Action, e.Host, sentence(e.Message))
	switch e.Kind {
	case rpc.KindService:
		return f.service(e)
	case rpc.KindCredentials:
		return f.credentials(e)
	case rpc.KindUnknownHost:
		return f.unknownHost(e)
	case rpc.KindTimeout:
		return diag.NewAttributeErrorDiagnostic(timeoutPath, "Slow Response", detail(calling, fmt.Sprintf(
			"The host was reached, but its response didn't come in time. Raise timeouts.read, which is %s: a single request may take a tenth of it, and at least a minute.", f.timeout), facts(e)))
	case rpc.KindTLS:
		if strings.Contains(e.Message, "plain HTTP") {
			return diag.NewErrorDiagnostic("Endpoint Without TLS", fmt.Sprintf("%s speaks plain HTTP. Write endpoints.ecs as \"http://%s\".", e.Host, e.Host))
		}
	}
	known := adviceByKind[e.Kind]
	return diag.NewErrorDiagnostic(known.summary, detail(calling, known.remedy, facts(e)))
}

// unknownHost is the message for a host that no name server knows: a region's that is
// misspelled, or an endpoint's.
func (f failedRead) unknownHost(e *rpc.Error) diag.Diagnostic {
	dns := "If it is right, check this machine's DNS, or set HTTPS_PROXY where only a proxy reaches the internet."
	if strings.Contains(e.Host, f.region) {
		return diag.NewAttributeErrorDiagnostic(path.Root("region_id"), "Unknown Host", detail(
			fmt.Sprintf("%s doesn't exist. Check the spelling of region %q.", e.Host, f.region), dns))
	}
	return diag.NewErrorDiagnostic("Unknown Host", detail(
		fmt.Sprintf("%s doesn't exist. Check the spelling of endpoints.ecs, or of the environment variable that sets it.", e.Host), dns))
}

// adviceByKind is for failures without a code.
var adviceByKind = map[rpc.Kind]advice{
	rpc.KindStatus: {summary: "Unexpected Response", remedy: "The response isn't the API's: a proxy or gateway in between sent it. " +
		"Check HTTPS_PROXY, NO_PROXY and endpoints.ecs."},
	rpc.KindRedirect: {summary: "Unexpected Redirect", remedy: "The provider sends a signed request nowhere else. A proxy's login page often redirects: " +
		"check HTTPS_PROXY, and that endpoints.ecs, if set, names the API itself."},
	rpc.KindReply: {summary: "Unreadable Response", remedy: "What responded isn't the API, or something in between changed the response. " +
		"Check HTTPS_PROXY, NO_PROXY and endpoints.ecs."},
	rpc.KindNetwork: {summary: "Could Not Reach the API", remedy: "Check that this machine reaches the host, directly or through HTTPS_PROXY, and that " +
		"the region and endpoints.ecs, if set, are right. An endpoint uses HTTPS unless it starts with http://."},
	rpc.KindTLS: {summary: "TLS Connection Failed", remedy: "The server's certificate isn't trusted, or the server doesn't speak TLS. Behind a proxy that inspects TLS, " +
		"name its authority with SSL_CERT_FILE; for an endpoint without TLS, write http:// in endpoints.ecs; check this machine's clock."},
}

func (failedRead) advice(code string) (advice, bool) {
	return findAdvice(code, generalCodes, filterCodes())
}

// service is the message for an error code.
func (f failedRead) service(e *rpc.Error) diag.Diagnostic {
	known, ok := f.advice(e.Code)
	if !ok {
		known = advice{
			summary: "Snapshots Could Not Be Read",
			remedy:  "Alibaba Cloud's error center explains the code: https://error-center.alibabacloud.com/status/product/Ecs",
		}
	}
	if known.argument == "" && parameterCode.MatchString(e.Code) {
		known.argument = argumentNamed(e.Code + " " + e.Message)
	}
	if known.argument == "creation_start_time" && !f.filters.isSet(known.argument) {
		known.argument = "creation_end_time"
		known.summary = "Invalid " + title(known.argument)
	}
	cause := f.reading(e.Message)
	if known.hideMessage {
		cause = ""
	}
	switch known.argument {
	case "":
		return diag.NewErrorDiagnostic(known.summary, detail(cause, known.remedy, fmt.Sprintf("Credentials: %s.", f.source), facts(e)))
	case "region_id":
		remedy := strings.Replace(known.remedy, "the region,", fmt.Sprintf("region %q,", f.region), 1)
		return diag.NewAttributeErrorDiagnostic(path.Root(known.argument), known.summary, detail(cause, remedy, facts(e)))
	case "dry_run":
		return diag.NewAttributeErrorDiagnostic(path.Root(known.argument), known.summary, detail(cause, known.remedy, facts(e)))
	}
	at := f.at(known.argument)
	return diag.NewAttributeErrorDiagnostic(at, known.summary, detail(cause, known.remedy, fmt.Sprintf("Argument: %s.", at), facts(e)))
}

// credentials is the message for credentials that couldn't be had.
func (f failedRead) credentials(e *rpc.Error) diag.Diagnostic {
	var mistake *credentials.ConfigError
	if errors.As(e, &mistake) { // Some show only now, as where the metadata service has nothing.
		return credentialsDiagnostic(mistake)
	}
	var cause *credentials.Error
	if !errors.As(e, &cause) {
		return diag.NewErrorDiagnostic("No Credentials", e.Message)
	}
	known, ok := findAdvice(cause.Code, stsCodes)
	if !ok {
		known, ok = findAdvice(cause.Code, generalCodes)
	}
	summary := "Could Not Get Credentials"
	if ok {
		summary += ": " + known.summary
	} else {
		known.remedy = "Check that source of credentials; the guide to authentication describes each."
	}
	return diag.NewErrorDiagnostic(summary, detail(
		fmt.Sprintf("Getting credentials from %s: %s", cause.Source, sentence(cause.Message)),
		known.remedy,
		facts(&rpc.Error{Code: cause.Code, RequestID: cause.RequestID}),
	))
}

// credentialsDiagnostic is the message for a mistake in the choice of credentials.
func credentialsDiagnostic(err error) diag.Diagnostic {
	var mistake *credentials.ConfigError
	if !errors.As(err, &mistake) {
		return diag.NewErrorDiagnostic("Credentials Not Usable", err.Error())
	}
	if mistake.Attribute == "" {
		return diag.NewErrorDiagnostic(mistake.Summary, mistake.Detail)
	}
	steps := strings.Split(mistake.Attribute, ".")
	at := path.Root(steps[0])
	for _, step := range steps[1:] {
		at = at.AtName(step)
	}
	return diag.NewAttributeErrorDiagnostic(at, mistake.Summary, mistake.Detail)
}

// providerUnknown is the message where the provider block has values that aren't known yet.
func providerUnknown() diag.Diagnostic {
	return diag.NewErrorDiagnostic("Provider Configuration Not Known Yet",
		"An argument of the provider \"aliyun\" block has a value that isn't known yet, so the provider can't read snapshots now.\n\n"+
			"If it comes from a resource, make the data source depend on that resource with depends_on, apply the resource first with -target, "+
			"or give the provider a known value. If it comes from a variable, check that the variable is declared and set: "+
			"terraform test passes undeclared ones on as unknown.")
}

// regionMissing is the message where no region is known.
func regionMissing(source fmt.Stringer) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("region_id"), "No Region", detail(
		"Set the provider's region, or region_id here. There is no default region.",
		fmt.Sprintf("The provider also looked at the environment variables %s, and at the profile's region_id. Credentials: %s.",
			strings.Join(regionVariables, ", "), source)))
}

// regionInvalid is the message for a region of the environment or of a profile; the
// schema refuses those of arguments.
func regionInvalid(region string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("region_id"), "Invalid Region ID",
		fmt.Sprintf("%q, from the environment or a profile, is not a region ID such as cn-hangzhou.", region))
}

// facts are what Alibaba Cloud's support asks for.
func facts(e *rpc.Error) string {
	var parts []string
	if e.Code != "" {
		parts = append(parts, "Code: "+e.Code)
	}
	if e.Status != 0 {
		parts = append(parts, fmt.Sprintf("HTTP status: %d", e.Status))
	}
	if e.RequestID != "" {
		parts = append(parts, "request ID: "+e.RequestID)
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

// sentence ends somebody else's message like a sentence.
func sentence(message string) string {
	message = strings.TrimSpace(message)
	switch {
	case message == "":
		return "no message."
	case strings.HasSuffix(message, "."), strings.HasSuffix(message, "!"), strings.HasSuffix(message, "?"):
		return message
	}
	return message + "."
}

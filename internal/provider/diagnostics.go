package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seed01464933/terraform-provider-aliyun/internal/credentials"
	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// newError makes an error of paragraphs, without empty ones. It points at an argument, or
// at none by an empty path.
func newError(at path.Path, summary string, paragraphs ...string) diag.Diagnostic {
	paragraphs = slices.DeleteFunc(paragraphs, func(p string) bool { return p == "" })
	return diag.NewAttributeErrorDiagnostic(at, summary, strings.Join(paragraphs, "\n\n"))
}

// failure is the one place where errors of the lower packages become messages: what
// failed, why, what to do, the argument, the code and the request ID.
func (r read) failure(err error) diag.Diagnostic {
	if call, ok := errors.AsType[*rpc.Error](err); ok {
		return r.failedCall(call)
	}
	if interrupted, ok := errors.AsType[*ecs.InterruptedReadError](err); ok {
		return r.interruption(interrupted)
	}
	if incomplete, ok := errors.AsType[*ecs.IncompleteError](err); ok {
		return newError(path.Empty(), "Incomplete Snapshot List", r.reading(incomplete.Reason),
			"The provider never returns a part of a list. Run again. If the error persists, check what answers at endpoints.ecs; where snapshots come and go all the time, narrower filters help.")
	}
	if value, ok := errors.AsType[*ecs.ValueError](err); ok {
		return newError(path.Empty(), "Unreadable Snapshot",
			r.reading(fmt.Sprintf("%s of snapshot %q is %q, which can't be read, and the result depends on it", value.Field, value.SnapshotID, value.Value)),
			"The API has a form for this value that the provider doesn't know. Please report it, with this message. Filters that exclude the snapshot avoid the error.",
			facts("", 0, value.RequestID))
	}
	return newError(path.Empty(), "Snapshots Could Not Be Read", err.Error())
}

func (r read) reading(what string) string {
	return fmt.Sprintf("Reading the snapshots of %s: %s", r.query.RegionID, sentence(what))
}

// interruption is the message for a read that ended before it was done.
func (r read) interruption(e *ecs.InterruptedReadError) diag.Diagnostic {
	last, remedy := "", "Raise timeouts.read, or narrow the filters."
	if e.Last != nil {
		last = "The last failure: " + sentence(e.Last.Error())
	}
	if call, ok := errors.AsType[*rpc.Error](e.Last); ok {
		if known, ok := findAdvice(call.Code, generalCodes, filterCodes()); ok {
			remedy = known.remedy
		}
	}
	if errors.Is(e.Cause, context.DeadlineExceeded) {
		return newError(pathOf("timeouts.read"), "Reading Snapshots Timed Out",
			fmt.Sprintf("Reading the snapshots of %s took longer than timeouts.read, which is %s: %s", r.query.RegionID, r.timeout, sentence(e.Progress)), last, remedy)
	}
	return newError(path.Empty(), "Reading Snapshots Cancelled",
		fmt.Sprintf("Reading the snapshots of %s was cancelled: %s", r.query.RegionID, sentence(e.Progress)), last)
}

// failedCall is the message for a call that failed for good.
func (r read) failedCall(e *rpc.Error) diag.Diagnostic {
	calling := fmt.Sprintf("Calling %s at %s: %s", e.Action, e.Host, sentence(e.Message))
	switch e.Kind {
	case rpc.KindService:
		return r.refusal(e)
	case rpc.KindCredentials:
		return credentialsDiagnostic(e, r.provider.source)
	case rpc.KindUnknownHost:
		at, spelling := path.Empty(), "endpoints.ecs, or of the environment variable that sets it."
		if strings.Contains(e.Host, r.query.RegionID) {
			at, spelling = path.Root("region_id"), fmt.Sprintf("region %q.", r.query.RegionID)
		}
		return newError(at, "Unknown Host", fmt.Sprintf("%s doesn't exist. Check the spelling of %s", e.Host, spelling),
			"If it is right, check this machine's DNS, or set HTTPS_PROXY where only a proxy reaches the internet.")
	case rpc.KindTimeout:
		return newError(pathOf("timeouts.read"), "Slow Response", calling, fmt.Sprintf(
			"The host was reached, but its response didn't come in time. Raise timeouts.read, which is %s: a single request may take a tenth of it, and at least a minute.", r.timeout), facts(e.Code, e.Status, e.RequestID))
	case rpc.KindTLS:
		if strings.Contains(e.Message, "plain HTTP") {
			return newError(path.Empty(), "Endpoint Without TLS", fmt.Sprintf("%s speaks plain HTTP. Write endpoints.ecs as \"http://%[1]s\".", e.Host))
		}
	}
	known := adviceByKind[e.Kind]
	return newError(path.Empty(), known.summary, calling, known.remedy, facts(e.Code, e.Status, e.RequestID))
}

// refusal is the message for an error code.
func (r read) refusal(e *rpc.Error) diag.Diagnostic {
	known, ok := findAdvice(e.Code, generalCodes, filterCodes())
	if !ok {
		known = advise("", "Snapshots Could Not Be Read", "Alibaba Cloud's error center explains the code: https://error-center.alibabacloud.com/status/product/Ecs")
	}
	if known.argument == "" && parameterCode.MatchString(e.Code) {
		known.argument = argumentNamed(e.Code + " " + e.Message)
	}
	if known.argument == "creation_start_time" && !r.filters.isSet(known.argument) {
		known.argument, known.summary = "creation_end_time", "Invalid creation_end_time"
	}
	cause, support := r.reading(e.Message), facts(e.Code, e.Status, e.RequestID)
	if strings.HasPrefix(e.Code, "SignatureDoesNotMatch") {
		cause = "" // The API's message is the whole string to sign.
	}
	if known.argument == "" {
		return newError(path.Empty(), known.summary, cause, known.remedy, fmt.Sprintf("Credentials: %s.", r.provider.source), support)
	}
	at := r.at(known.argument)
	if known.argument == "region_id" || known.argument == "dry_run" {
		at = path.Root(known.argument)
	}
	return newError(at, known.summary, cause, known.remedy, fmt.Sprintf("Argument: %s.", at), support)
}

// credentialsDiagnostic is the message for credentials that couldn't be had, or for a
// mistake in the choice of their source. Some mistakes show only in a read, as where the
// metadata service has nothing.
func credentialsDiagnostic(err error, source fmt.Stringer) diag.Diagnostic {
	if mistake, ok := errors.AsType[*credentials.ConfigError](err); ok {
		return newError(pathOf(mistake.Attribute), mistake.Summary, mistake.Detail)
	}
	cause, ok := errors.AsType[*rpc.Error](err)
	if !ok {
		return newError(path.Empty(), "No Credentials", err.Error())
	}
	for below := cause; errors.As(cause.Err, &below); { // The call for a role's session needs credentials, too.
		cause = below
	}
	summary, remedy := "Could Not Get Credentials", "Check that source of credentials; the guide to authentication describes each."
	if known, ok := findAdvice(cause.Code, stsCodes, generalCodes); ok {
		summary, remedy = summary+": "+known.summary, known.remedy
	}
	return newError(path.Empty(), summary, fmt.Sprintf("Getting credentials from %s: %s", source, sentence(cause.Message)), remedy,
		facts(cause.Code, cause.Status, cause.RequestID))
}

// facts are what Alibaba Cloud's support asks for, as far as known.
func facts(code string, status int, requestID string) string {
	all := []string{"Code: " + code, fmt.Sprintf("HTTP status: %d", status), "request ID: " + requestID}
	known := slices.DeleteFunc(all, func(fact string) bool { return strings.HasSuffix(fact, ": ") || strings.HasSuffix(fact, ": 0") })
	return strings.Join(known, ", ")
}

// sentence ends somebody else's message like a sentence.
func sentence(message string) string {
	message = cmp.Or(strings.TrimSpace(message), "no message")
	if strings.ContainsAny(message[len(message)-1:], ".!?") {
		return message
	}
	return message + "."
}

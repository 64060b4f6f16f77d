//! The end of OAuth, in every form MX is known to send it.

use client_core::{
    ErrorKind,
    oauth::{OAuthRedirect, Reason, Status},
};
use proptest::prelude::*;

#[test]
fn reads_the_documented_forms() {
    for (redirect, status, guid, reason) in [
        (
            "https://example.com/done?status=success&member_guid=MBR-1",
            "success",
            Some("MBR-1"),
            None,
        ),
        (
            "https://example.com/done?state=a%26b&status=error&member_guid=MBR-1&error_reason=DENIED",
            "error",
            Some("MBR-1"),
            Some(Reason::Denied),
        ),
        (
            "myapp://oauth_complete?status=error&amp;member_guid=MBR-1&amp;error_reason=CANCELLED",
            "error",
            Some("MBR-1"),
            Some(Reason::Cancelled),
        ),
        (
            "myapp://oauth_complete?status=success&amp;amp;member_guid=MBR-1",
            "success",
            Some("MBR-1"),
            None,
        ),
        (
            "/callback?status=error&error_reason=NEW_ONE",
            "error",
            None,
            Some(Reason::from("NEW_ONE")),
        ),
        ("?status=success#member_guid=MBR-2", "success", None, None),
        (
            "https://h/?status=mine&status=success&member_guid=&error_reason=",
            "success",
            None,
            None,
        ),
        (
            "https://h/?status=pending&member_guid=M%20B+R",
            "pending",
            Some("M B R"),
            None,
        ),
    ] {
        let end = OAuthRedirect::parse(redirect).unwrap();
        assert_eq!(end.status().as_str(), status, "{redirect}");
        assert_eq!(end.member_guid(), guid, "{redirect}");
        assert_eq!(end.reason(), reason.as_ref(), "{redirect}");
    }
}

#[test]
fn every_reason_round_trips() {
    for reason in [
        "CANCELLED",
        "DENIED",
        "IMPEDED",
        "PROVIDER_ERROR",
        "SERVER_ERROR",
        "SESSION_ERROR",
        "ELSE",
    ] {
        let parsed = Reason::from(reason.to_owned());
        assert_eq!(parsed.as_str(), reason);
        assert_eq!(matches!(parsed, Reason::Other(_)), reason == "ELSE");
    }
}

#[test]
fn an_unknown_text_is_not_shown() {
    let end = OAuthRedirect::parse("?status=canary&error_reason=canary").unwrap();
    assert!(matches!(end.status(), Status::Other(_)));
    assert!(matches!(end.reason(), Some(Reason::Other(_))));
    assert!(!format!("{end:?}{:?}{:?}", end.status(), end.reason()).contains("canary"));
}

#[test]
fn what_has_no_status_is_an_error_that_does_not_show_it() {
    for redirect in [
        "",
        "canary",
        "https://h/canary",
        "https://h/?canary=1",
        "https://h/?status=",
        "https://h/#status=success",
    ] {
        let error = OAuthRedirect::parse(redirect).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(!format!("{error}{error:?}").contains("canary"));
    }
}

proptest! {
    #[test]
    fn never_panics(redirect in prop_oneof![any::<String>(), "(\\?|&|=|amp;|status|%|%[0-9a-f]{2}|#|é){0,20}"]) {
        let _ = OAuthRedirect::parse(&redirect);
    }

    #[test]
    fn reads_back_what_was_written(
        before in "[a-z]{1,8}://[a-z]{1,8}/[a-z]{0,8}",
        guid in "\\PC{1,20}",
        reason in "\\PC{1,20}",
        success in any::<bool>(),
        escaped in any::<bool>(),
    ) {
        let encode = |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let and = if escaped { "&amp;" } else { "&" };
        let status = if success { Status::Success } else { Status::Error };
        let redirect = format!(
            "{before}?status={}{and}member_guid={}{and}error_reason={}",
            status.as_str(), encode(&guid), encode(&reason),
        );
        let end = OAuthRedirect::parse(&redirect).unwrap();
        prop_assert_eq!(end.status(), &status);
        prop_assert_eq!(end.member_guid(), Some(guid.as_str()));
        prop_assert_eq!(end.reason().map(Reason::as_str), Some(reason.as_str()));
    }
}

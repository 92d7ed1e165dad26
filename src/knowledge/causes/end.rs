//! Causes at the end: the recipient, the message, and what nobody knows.

use super::Cause;
use crate::model::Layer;

pub(super) const LIST: &[Cause] = &[
    Cause {
        name: "null_mx",
        layer: Layer::Recipient,
        plain: "The domain states by a null MX record that it takes no mail.",
        next_steps: &[
            "Check the domain for a typo; ask the recipient for the address they really read.",
            "Remove the address from lists and contacts.",
        ],
    },
    Cause {
        name: "recipient_unknown",
        layer: Layer::Recipient,
        plain: "The address does not exist at the receiving side.",
        next_steps: &[
            "Compare the address with the directory: Get-Recipient ADDRESS; check spelling and stale autocomplete entries.",
            "If many addresses of one domain of yours fail at once, check directory synchronisation and the accepted domain type (Get-AcceptedDomain).",
            "For a foreign domain remove the address from lists.",
        ],
    },
    Cause {
        name: "recipient_moved",
        layer: Layer::Recipient,
        plain: "The recipient has left for another address.",
        next_steps: &["Ask for the new address and correct contacts and lists."],
    },
    Cause {
        name: "mailbox_full",
        layer: Layer::Recipient,
        plain: "The mailbox is full.",
        next_steps: &[
            "For your own mailbox: Get-MailboxStatistics USER | Format-List TotalItemSize,StorageLimitStatus and look at Recoverable Items and holds.",
            "Enable the archive, raise the quota by licence, or free space; senders have to resend what bounced.",
            "For a foreign mailbox tell the recipient by another way.",
        ],
    },
    Cause {
        name: "mailbox_disabled",
        layer: Layer::Recipient,
        plain: "The mailbox or account is disabled.",
        next_steps: &[
            "Check licence and account state of the user; a soft-deleted mailbox can be restored for 30 days.",
            "For a foreign address use another contact.",
        ],
    },
    Cause {
        name: "mailbox_unavailable",
        layer: Layer::Recipient,
        plain: "The mailbox cannot be reached now.",
        next_steps: &[
            "Check Get-Mailbox and Get-MailboxStatistics for the recipient, and a running move request (Get-MoveRequest).",
            "Retry; if it lasts, ask the recipient domain.",
        ],
    },
    Cause {
        name: "recipient_rate_limit",
        layer: Layer::Recipient,
        plain: "The recipient gets more mail than a mailbox may take in an hour.",
        next_steps: &[
            "Find the storm: Get-MessageTraceV2 -RecipientAddress, grouped by sender.",
            "Slow or stop the application that alerts, or spread it over a group mailbox.",
        ],
    },
    Cause {
        name: "restricted_recipient",
        layer: Layer::Recipient,
        plain: "The recipient takes mail only from certain or authenticated senders.",
        next_steps: &[
            "Get-Mailbox USER | Format-List AcceptMessagesOnlyFrom*,RejectMessagesFrom*,RequireSenderAuthenticationEnabled.",
            "If outsiders should reach it: Set-Mailbox USER -RequireSenderAuthenticationEnabled $false.",
        ],
    },
    Cause {
        name: "group_restricted",
        layer: Layer::Recipient,
        plain: "The group takes mail only from certain or internal senders.",
        next_steps: &[
            "Get-DistributionGroup GROUP | Format-List RequireSenderAuthenticationEnabled,AcceptMessagesOnlyFrom* (Get-UnifiedGroup for Microsoft 365 groups).",
            "To admit outsiders: Set-DistributionGroup GROUP -RequireSenderAuthenticationEnabled $false, or add the sender to the allowed list.",
        ],
    },
    Cause {
        name: "group_expansion_failed",
        layer: Layer::Recipient,
        plain: "The group could not be replaced by its members.",
        next_steps: &[
            "Check members, nesting and, for a dynamic group, the filter (Get-DynamicDistributionGroup).",
        ],
    },
    Cause {
        name: "address_syntax",
        layer: Layer::Recipient,
        plain: "The address is malformed.",
        next_steps: &[
            "Correct the address: missing domain, stray characters, reserved top-level domain.",
            "Clear the autocomplete entry or the contact it comes from.",
        ],
    },
    Cause {
        name: "domain_not_served",
        layer: Layer::Recipient,
        plain: "The recipient's domain points to a tenant that cannot take its mail.",
        next_steps: &[
            "The recipient tenant must assign Exchange licences, or remove the accepted domain.",
            "Check whether MX still points to an abandoned tenant.",
        ],
    },
    Cause {
        name: "recipient_configuration",
        layer: Layer::Recipient,
        plain: "The recipient object is configured wrongly.",
        next_steps: &[
            "Check address book policy, routing address and mail attributes of the recipient (Get-Recipient ADDRESS | Format-List).",
        ],
    },
    Cause {
        name: "moderation",
        layer: Layer::Recipient,
        plain: "The moderation request of the recipient failed or expired.",
        next_steps: &[
            "Check ModeratedBy and ModerationEnabled; the moderators must exist and answer within two days.",
            "Have the sender send again.",
        ],
    },
    Cause {
        name: "message_too_large",
        layer: Layer::Message,
        plain: "The message is larger than a limit on its way.",
        next_steps: &[
            "Compare the size with Get-Mailbox | Format-List MaxSendSize,MaxReceiveSize, Get-TransportConfig and the limit of the receiver; encoding adds about a third.",
            "Send a OneDrive or SharePoint link instead.",
        ],
    },
    Cause {
        name: "malware",
        layer: Layer::Message,
        plain: "Malware was found in the message.",
        next_steps: &[
            "Do not release it. Isolate and scan the sending computer if the sender is yours.",
            "For a false positive submit the file to Microsoft.",
        ],
    },
    Cause {
        name: "attachment_rejected",
        layer: Layer::Message,
        plain: "The attachment is refused by type or structure.",
        next_steps: &[
            "Send the file as a link or in a permitted format; do not nest messages in messages.",
            "For your own policy see the common attachments filter (Get-MalwareFilterPolicy).",
        ],
    },
    Cause {
        name: "content_format",
        layer: Layer::Message,
        plain: "The message cannot be converted or breaks the message format.",
        next_steps: &[
            "Have the sender resend as plain text or HTML.",
            "For an application correct its MIME output: CRLF line ends, no bare LF, valid encodings.",
        ],
    },
    Cause {
        name: "header_invalid",
        layer: Layer::Message,
        plain: "A header of the message is missing, doubled or malformed.",
        next_steps: &[
            "Correct the application: exactly one From, valid Date and Message-ID, no oversized headers.",
            "In Outlook try HTML instead of rich text.",
        ],
    },
    Cause {
        name: "failed_or_held",
        layer: Layer::Unknown,
        plain: "The export says only that delivery failed; it may also be held by a filter.",
        next_steps: &[
            "Get the detail: Get-MessageTraceDetailV2 for the message, or the extended report.",
            "Look in quarantine for the same network message id.",
        ],
    },
    Cause {
        name: "no_reason_in_export",
        layer: Layer::Unknown,
        plain: "The export gives no reason.",
        next_steps: &[
            "Get the detail: Get-MessageTraceDetailV2 for the message, or the extended report.",
        ],
    },
    Cause {
        name: "dropped",
        layer: Layer::Unknown,
        plain: "The message was dropped without a bounce.",
        next_steps: &["Look for the rule or agent that deletes: its id is in the trace's details."],
    },
    Cause {
        name: "remote_rejected",
        layer: Layer::Unknown,
        plain: "The other server refused the message in words that name no cause.",
        next_steps: &[
            "Ask the recipient organisation with the full bounce text.",
            "Compare with other mail to the same domain: does it hit one sender, one recipient, or all?",
        ],
    },
    Cause {
        name: "remote_server_error",
        layer: Layer::Unknown,
        plain: "The other server had trouble of its own.",
        next_steps: &[
            "Wait for the retries; temporary errors mend themselves.",
            "If it lasts, tell the postmaster of the recipient domain.",
        ],
    },
    Cause {
        name: "no_fault",
        layer: Layer::Unknown,
        plain: "The record is no failure.",
        next_steps: &["Nothing to do."],
    },
    Cause {
        name: "unknown",
        layer: Layer::Unknown,
        plain: "The words at hand do not name a cause.",
        next_steps: &[
            "Read the text and the other events of the message.",
            "Look the code up with the recipient organisation or in the vendor's documentation.",
        ],
    },
];

//! Causes of trust and policy: reputation, filters, rules.

use super::Cause;
use crate::model::Layer;

pub(super) const LIST: &[Cause] = &[
    Cause {
        name: "sender_blocked",
        layer: Layer::SenderReputation,
        plain: "The account sent spam or passed its limits and may not send any more; treat it as compromised.",
        next_steps: &[
            "Reset the password and revoke sessions (Revoke-MgUserSignInSession), and check the MFA methods.",
            "Look for traces: Get-InboxRule, Get-Mailbox | Format-List Forwarding*, delegates, registered applications, Entra sign-ins.",
            "Only then remove it in the Defender portal under Email & collaboration > Review > Restricted entities (Remove-BlockedSenderAddress).",
        ],
    },
    Cause {
        name: "tenant_blocked",
        layer: Layer::SenderReputation,
        plain: "The service refuses outbound mail of the whole tenant because of its reputation or volume.",
        next_steps: &[
            "Find the source: top senders of the last days in Get-MessageTraceV2, Get-InboundConnector with unknown names, new applications with Mail.Send.",
            "Secure the accounts and remove rogue connectors before asking for removal of the block.",
            "Open a support request with the full bounce text and what was done.",
        ],
    },
    Cause {
        name: "tenant_limit",
        layer: Layer::SenderReputation,
        plain: "The tenant reached its daily limit of external recipients.",
        next_steps: &[
            "See the external recipient rate report in the Exchange admin center for who sends how much.",
            "Move mailings to Azure Communication Services or a bulk sender, and send from a custom domain, not from onmicrosoft.com.",
            "Check that the burst is yours and not a compromised account.",
        ],
    },
    Cause {
        name: "sender_limit",
        layer: Layer::SenderReputation,
        plain: "A mailbox reached its sending limit.",
        next_steps: &[
            "Check whether the owner sent a mailing or the account is abused (Get-MessageTraceV2 -SenderAddress).",
            "Move mailings to a bulk service; the limit frees itself within 24 hours.",
        ],
    },
    Cause {
        name: "recipient_limit",
        layer: Layer::SenderReputation,
        plain: "Too many recipients in one message or transaction.",
        next_steps: &[
            "Split the recipients or use a group; check Get-Mailbox | Format-List RecipientLimits.",
            "For an application lower the batch size.",
        ],
    },
    Cause {
        name: "rate_limited",
        layer: Layer::SenderReputation,
        plain: "The receiver takes less mail than is sent: rate or volume limit.",
        next_steps: &[
            "Look for a burst in the outbound volume of this window and its sender.",
            "Slow the sender down; spread mailings over hours. Deferred mail is tried again by itself.",
        ],
    },
    Cause {
        name: "greylisted",
        layer: Layer::SenderReputation,
        plain: "The receiver defers mail of a source it does not know yet, or that suddenly sends more.",
        next_steps: &[
            "Wait for the retry; nothing is lost.",
            "If it lasts, warm a new sending address up slowly and check its SPF, DKIM and PTR.",
        ],
    },
    Cause {
        name: "ip_reputation",
        layer: Layer::SenderReputation,
        plain: "The sending address is on a block list or has a bad reputation.",
        next_steps: &[
            "Take the address from the text: is it Microsoft's pool, your gateway, or a third-party sender?",
            "Your own: find the abuse first, then ask for removal at the list named in the text (for Exchange Online sender.office.com).",
            "Microsoft's high-risk pool: find out why your mail goes through it (outbound spam verdict, forwarded mail, a compromised account).",
        ],
    },
    Cause {
        name: "domain_reputation",
        layer: Layer::SenderReputation,
        plain: "The sending domain has a bad reputation.",
        next_steps: &[
            "Check Google Postmaster Tools and SNDS for complaint rates, and look the domain up in the domain block lists.",
            "Stop the mailing that draws complaints; authenticate all sources with aligned DKIM.",
        ],
    },
    Cause {
        name: "content_rejected_spam",
        layer: Layer::SenderReputation,
        plain: "The receiver calls the message spam.",
        next_steps: &[
            "See whether one sender stands out: a sudden mix of recipients is a compromised account until shown otherwise.",
            "Check links and attachments of the refused messages against block lists.",
            "Ask the recipient organisation to allow the sender if mail is wanted; give them the full bounce.",
        ],
    },
    Cause {
        name: "unregistered_domain",
        layer: Layer::SenderReputation,
        plain: "The tenant sends mail from domains it does not own.",
        next_steps: &[
            "Run Get-AcceptedDomain and add the domains that are yours.",
            "Look for unknown connectors: Get-InboundConnector | Sort-Object WhenCreated; remove rogue ones and secure the account that made them.",
        ],
    },
    Cause {
        name: "sender_rejected",
        layer: Layer::SenderReputation,
        plain: "The receiver refuses this sender address.",
        next_steps: &[
            "Check that the address exists and is spelled right; applications often use addresses that cannot receive.",
            "Ask the recipient whether the sender is on a block list of theirs.",
        ],
    },
    Cause {
        name: "helo_invalid",
        layer: Layer::SenderReputation,
        plain: "The sending server greets with a name it should not use.",
        next_steps: &[
            "Set the FQDN of the send connector to a public name that resolves to the sending address.",
            "An unknown machine with such a greeting is often a bot: look for it behind the same address.",
        ],
    },
    Cause {
        name: "compromised_account",
        layer: Layer::SenderReputation,
        plain: "One account sends in a way that speaks of a stolen password.",
        next_steps: &[
            "Block sign-in, reset the password and revoke sessions before anything else.",
            "Remove inbox rules, forwarding and application consents that were added since.",
            "Review Restricted entities and the audit log (Search-UnifiedAuditLog) for what was read or sent.",
        ],
    },
    Cause {
        name: "policy_rejected",
        layer: Layer::AntiSpam,
        plain: "A filter policy of the receiver refuses the message without naming its reason.",
        next_steps: &[
            "Ask the recipient organisation with the full bounce text; only they can see the policy.",
            "Send a plain test message without links and attachments to tell content from sender.",
        ],
    },
    Cause {
        name: "blocked_by_list",
        layer: Layer::AntiSpam,
        plain: "Sender, address or recipient stands on a block list of an organisation.",
        next_steps: &[
            "If the list is yours, look at Tenant Allow/Block Lists (Get-TenantAllowBlockListItems), the connection filter and the anti-spam policy.",
            "If it is theirs, ask the recipient organisation to remove the entry.",
        ],
    },
    Cause {
        name: "external_forwarding_blocked",
        layer: Layer::AntiSpam,
        plain: "The outbound spam policy forbids automatic forwarding to outside.",
        next_steps: &[
            "Find the forwarding: Get-Mailbox | Format-List Forwarding* and Get-InboxRule of the mailbox; forwarding nobody knows of is a sign of compromise.",
            "If it is wanted, allow it in an outbound spam policy for this mailbox only (AutoForwardingMode On).",
        ],
    },
    Cause {
        name: "spoof_rejected",
        layer: Layer::AntiSpam,
        plain: "The filter takes the message for a forgery of a domain.",
        next_steps: &[
            "See the spoof intelligence insight in the Defender portal for the pair of domain and sending infrastructure.",
            "Have the source authenticate with SPF or DKIM; allow the pair only as a stopgap (New-TenantAllowBlockListSpoofItems).",
        ],
    },
    Cause {
        name: "quarantined",
        layer: Layer::AntiSpam,
        plain: "The message is in quarantine.",
        next_steps: &[
            "Run Get-QuarantineMessage with sender or recipient, read Type and PolicyName, and preview before releasing.",
            "Report false positives to Microsoft when releasing, and correct the policy that caught them.",
        ],
    },
    Cause {
        name: "spam_filtered",
        layer: Layer::AntiSpam,
        plain: "The filter judged the message spam.",
        next_steps: &[
            "Read SFV, CAT and SCL of a sample: which verdict, by which policy?",
            "If the sender is wanted, submit it as a false positive and allow it for 30 days in the Tenant Allow/Block List.",
            "If it began with a policy change, compare thresholds with Get-HostedContentFilterPolicy.",
        ],
    },
    Cause {
        name: "bulk_filtered",
        layer: Layer::AntiSpam,
        plain: "Bulk mail is above the threshold of the policy.",
        next_steps: &[
            "Compare BCL of the mail with BulkThreshold in Get-HostedContentFilterPolicy.",
            "Raise the threshold or let users add wanted newsletters to their safe senders.",
        ],
    },
    Cause {
        name: "phishing_filtered",
        layer: Layer::AntiSpam,
        plain: "The filter judged the message phishing.",
        next_steps: &[
            "Check authentication of the sender and the links before releasing anything.",
            "For false positives submit the message to Microsoft; do not bypass filtering by rule.",
        ],
    },
    Cause {
        name: "spoof_filtered",
        layer: Layer::AntiSpam,
        plain: "The message claims a sender domain it is not authenticated for.",
        next_steps: &[
            "Read spf, dkim, dmarc and compauth reason of a sample; let the real sender authenticate.",
            "Review the spoof intelligence insight and allow the pair only if it is known.",
        ],
    },
    Cause {
        name: "filtered_as_spam",
        layer: Layer::AntiSpam,
        plain: "The export calls the message filtered as spam; it does not say which verdict, nor whether it was refused or sent to Junk.",
        next_steps: &[
            "Get the detail: Get-MessageTraceDetailV2 for the message, or its headers if it lies in Junk.",
            "If the sender is wanted, submit it as a false positive.",
        ],
    },
    Cause {
        name: "delivered_to_junk",
        layer: Layer::AntiSpam,
        plain: "The message lies in Junk Email; the input does not say who put it there.",
        next_steps: &[
            "Paste its headers into the headers verb: SFV, CAT and the mailbox's own stamp tell the filter from a list of the user.",
            "Get-MailboxJunkEmailConfiguration USER shows the lists of the mailbox.",
        ],
    },
    Cause {
        name: "allow_list_bypass",
        layer: Layer::AntiSpam,
        plain: "An allow entry, a safe sender or a rule with SCL -1 lets mail pass that the filter or the sender's authentication would stop.",
        next_steps: &[
            "Find the entry: Get-TenantAllowBlockListItems -ListType Sender -Allow; Get-HostedContentFilterPolicy | fl Name,AllowedSenders,AllowedSenderDomains; Get-TransportRule | where SetSCL -eq -1; Get-HostedConnectionFilterPolicy | fl IPAllowList.",
            "Take it out, or bind it to passed authentication: allow a domain only by a rule that also asks for dmarc=pass in Authentication-Results.",
            "Remove what arrived meanwhile: search it in Threat Explorer (or New-ComplianceSearch) for this sender since the onset, and purge it.",
            "Ask the recipients whether they opened links or paid; treat accounts that did as compromised.",
        ],
    },
    Cause {
        name: "bypass_overridden",
        layer: Layer::AntiSpam,
        plain: "A rule or list asked to pass the filter by, and the filter held the message all the same: malware and high-confidence phishing cannot be allowed so.",
        next_steps: &[
            "Read CAT and Get-QuarantineMessage Type before anything else: the verdict may be right, and the bypass is what let it come that far.",
            "For a false positive submit the message to Microsoft and allow it from there (Tenant Allow/Block List), not by SCL -1.",
            "For phishing simulations and security mailboxes use the advanced delivery policy, which is honoured.",
        ],
    },
    Cause {
        name: "rule_rejected",
        layer: Layer::TransportRule,
        plain: "A mail flow rule refused the message.",
        next_steps: &[
            "Open one message with Get-MessageTraceDetailV2 and read the Transport rule event for name and id of the rule.",
            "Compare Get-TransportRule | Sort-Object WhenChanged -Descending with the onset; narrow the condition or set the rule to test mode.",
            "If no rule of yours fired, the rule is the recipient organisation's: ask them.",
        ],
    },
    Cause {
        name: "dlp_rejected",
        layer: Layer::TransportRule,
        plain: "A data loss prevention policy refused the message.",
        next_steps: &[
            "Read the DLP rule event of the trace and open the policy in Microsoft Purview.",
            "Check the matched content before adding an exception.",
        ],
    },
    Cause {
        name: "rule_deleted",
        layer: Layer::TransportRule,
        plain: "A mail flow rule deleted the message; nobody was told.",
        next_steps: &[
            "Open the rule the event names: Get-TransportRule ID | Format-List Name,State,Conditions,Actions,WhenChanged.",
            "Let it quarantine or reject instead of delete, so that senders or administrators see what it catches.",
        ],
    },
    Cause {
        name: "rule_quarantined",
        layer: Layer::TransportRule,
        plain: "A mail flow rule sent the message to quarantine or raised its SCL.",
        next_steps: &[
            "Find rules that quarantine or set SCL: Get-TransportRule | Where-Object {$_.Quarantine -or $_.SetSCL}.",
            "Narrow the rule and release what was caught.",
        ],
    },
    Cause {
        name: "forwarding_misconfigured",
        layer: Layer::MailboxRule,
        plain: "The forwarding of a mailbox points to a wrong address.",
        next_steps: &[
            "Get-Mailbox USER | Format-List ForwardingAddress,ForwardingSmtpAddress,DeliverToMailboxAndForward; correct or clear it.",
            "Look at Get-InboxRule -Mailbox USER for rules that redirect.",
        ],
    },
    Cause {
        name: "send_as_denied",
        layer: Layer::MailboxRule,
        plain: "The account may not send as this address.",
        next_steps: &[
            "Check Get-RecipientPermission and grant Send As, or Send on Behalf, if it is wanted.",
            "For a device or application make the From address that of the account that signs in.",
        ],
    },
    Cause {
        name: "mailbox_rule_moved",
        layer: Layer::MailboxRule,
        plain: "An inbox rule or list of the mailbox moved the message away from the Inbox.",
        next_steps: &[
            "Get-InboxRule -Mailbox USER -IncludeHidden: look for rules that move, delete or mark as read.",
            "A rule the user does not know, in a folder such as RSS Feeds, is a sign of compromise.",
        ],
    },
    Cause {
        name: "mailbox_list_junked",
        layer: Layer::MailboxRule,
        plain: "A blocked sender or domain list of the mailbox sent the message to Junk.",
        next_steps: &[
            "Get-MailboxJunkEmailConfiguration USER: remove the entry from BlockedSendersAndDomains.",
        ],
    },
];

from odoo import models

from ..batch import is_overridden

# What a message passes on its way in. Extended by somebody we do not know, each message
# takes that way by itself.
STEPS = (
    "_message_track",
    "message_post",
    "_message_post_after_hook",
    "_message_compute_parent_id",
    "_notify_thread",
    "_notify_get_recipients",
)
KNOWN = ("mail", "rating", "sms", "backflush_auto")


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class MrpProduction(models.Model):
    """The log of many orders, written by one insert.

    Odoo posts a message for each change of an order's state: eight queries, twice in
    the life of an order. The messages are the same here.
    """

    _inherit = "mrp.production"

    def _message_track(self, fields_iter, initial_values_dict, *args, **kwargs):
        ours = self.filtered("backflush")
        if not fields_iter or len(ours) < 2 or not ours._is_backflush_log_plain():
            return super()._message_track(
                fields_iter, initial_values_dict, *args, **kwargs
            )
        tracking = ours._track_backflush(fields_iter, initial_values_dict)
        rest = self.filtered(lambda order: order.id not in tracking)
        others = super(MrpProduction, rest)
        return tracking | others._message_track(
            fields_iter, initial_values_dict, *args, **kwargs
        )

    def _is_backflush_log_plain(self):
        """Whether nobody has a say in what is logged, and to whom."""
        data = self.env.cr.precommit.data
        told = any(
            data.get(f"mail.tracking.{what}.{self._name}")
            for what in ("message", "author")
        )
        return not told and not any(is_overridden(self, step, *KNOWN) for step in STEPS)

    def _track_backflush(self, fields_iter, initial_values_dict):
        """Log what has changed on the orders of which nobody is to be told.

        :return: as ``_message_track``, of those orders only
        """
        names = ("string", "type", "selection", "currency_field")
        tracked = self.fields_get(fields_iter, attributes=names)
        tracking = {
            order.id: order._mail_track(tracked, initial_values_dict[order.id])
            for order in self
        }
        vals_list, logged = [], self.browse()
        groups = self._group_backflush_subtypes(tracking, initial_values_dict)
        for subtype, orders in groups.items():
            silent = orders._filter_backflush_unheard(subtype)
            logged |= silent
            vals_list += silent._prepare_backflush_messages(subtype, tracking)
        messages = self.sudo()._message_create(vals_list)
        # Odoo makes the values of each message by themselves.
        self.env["mail.tracking.value"].sudo().create(
            [
                {**values, "mail_message_id": message.id}
                for message in messages
                for _command, _id, values in tracking[message.res_id][1]
            ]
        )
        return {order.id: tracking[order.id] for order in logged}

    def _group_backflush_subtypes(self, tracking, initial_values_dict):
        """The orders that have changed, by the kind of message that tells it.

        Orders of one state whose same fields have changed have one kind: it is asked of
        the first of them.

        :return: ``{mail.message.subtype: orders}``; none without a kind
        """
        alike = self.filtered(lambda order: tracking[order.id][0]).grouped(
            lambda order: (order.state, frozenset(tracking[order.id][0]))
        )
        groups = {}
        for (_state, changes), orders in alike.items():
            for part in orders if self._is_backflush_subtype_unknown() else [orders]:
                initial = initial_values_dict[part[0].id]
                values = {name: initial[name] for name in changes}
                subtype = part[0]._track_subtype(values)
                if subtype:
                    groups[subtype] = groups.get(subtype, self.browse()) | part
        return groups

    def _is_backflush_subtype_unknown(self):
        return is_overridden(self, "_track_subtype", "mail", "mrp")

    def _filter_backflush_unheard(self, subtype):
        """The orders of whose changes no follower but the author is told."""
        author_id, _email = self._message_compute_author()
        heard = self.env["mail.followers"]._get_recipient_data(
            self, "notification", subtype.id, []
        )
        return self.filtered(
            lambda order: not set(heard.get(order.id, ())) - {author_id}
        )

    def _prepare_backflush_messages(self, subtype, tracking):
        """Values of the messages, as Odoo's ``message_post`` has them.

        :param tracking: ``{order id: (names of fields, commands of their values)}``
        """
        self = self._fallback_lang()
        author_id, email_from = self._message_compute_author()
        companies = self._mail_get_companies(default=self.env.company)
        domains = self.sudo()._mail_get_alias_domains(default_company=self.env.company)
        reply_to = self._notify_get_reply_to(default=email_from, author_id=author_id)
        parents = self._get_backflush_parent_messages()
        return [
            {
                "author_id": author_id,
                "author_guest_id": False,
                "email_from": email_from,
                "email_add_signature": True,
                "model": self._name,
                "res_id": order.id,
                "body": order._track_get_default_log_message(tracking[order.id][0]),
                "message_type": "notification",
                "parent_id": parents.get(order.id, False),
                "subject": False,
                "subtype_id": subtype.id,
                "partner_ids": [],
                "record_alias_domain_id": domains[order.id].id,
                "record_company_id": companies[order.id].id,
                "reply_to": reply_to[order.id],
            }
            for order in self
        ]

    def _get_backflush_parent_messages(self):
        """The message that each order's next one answers: the last that a person wrote.

        :return: ``{order id: message id}``
        """
        messages = self.env["mail.message"].sudo()
        messages = messages.search(
            [
                ("res_id", "in", self.ids),
                ("model", "=", self._name),
                ("message_type", "!=", "user_notification"),
            ]
        )
        latest = messages.sorted(
            lambda message: (
                message.message_type in ("comment", "email"),
                message.date or message.create_date,
                message.id,
            )
        )
        return {message.res_id: message.id for message in latest}

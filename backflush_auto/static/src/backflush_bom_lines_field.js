import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";
import {ListRenderer} from "@web/views/list/list_renderer";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

export class BackflushBomLinesRenderer extends ListRenderer {
  static recordRowTemplate = "backflush_auto.BomLinesRecordRow";

  /** Whether a line is consumed otherwise than its quantity for each unit says. */
  isSpecial({data}) {
    return (
      data.backflush_basis === "order" ||
      Boolean(data.backflush_scrap || data.backflush_rounding) ||
      Boolean(data.backflush_location_id)
    );
  }
}

/** The components of a BoM, each with a button that opens how it is consumed. */
export class BackflushBomLinesField extends X2ManyField {
  static components = {
    ...X2ManyField.components,
    ListRenderer: BackflushBomLinesRenderer,
  };

  get rendererProps() {
    const {backflush, type} = this.props.record.data;
    const hasOpenFormViewButton = backflush || type === "phantom";
    return {...super.rendererProps, hasOpenFormViewButton};
  }

  /** Odoo would save the BoM and leave it for the line. */
  async switchToForm(record) {
    if (!(await this.list.leaveEditMode({canAbandon: false}))) {
      return;
    }
    await this._openRecord({
      record,
      context: {
        ...this.props.context,
        form_view_ref: "backflush_auto.mrp_bom_line_consumption_view_form",
      },
      readonly: this.props.readonly,
      title: _t("How %s Is Consumed", record.data.product_id.display_name),
    });
  }
}

registry.category("fields").add("backflush_bom_lines", {
  ...x2ManyField,
  component: BackflushBomLinesField,
  // Styles and other addons look for the field that stands there in Odoo.
  additionalClasses: ["o_field_one2many"],
});

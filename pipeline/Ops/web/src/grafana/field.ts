import { fileColor, nameColor, seriesColor } from '../base/colors';
import { fullMoment } from '../base/format';
import { ownHalf } from '../base/language';
import { unitFormat } from '../base/units';
import type { FieldSettings, PanelFile } from './model';

/** The sign before a value, by its severity. */
export const severitySigns = ['', '△ ', '▲ '] as const;

/** How one field of a panel is shown: the file's defaults with what overrides its name. */
export class Field {
  readonly settings: FieldSettings;
  readonly title: string;
  private readonly formatNumber: (value: number) => string;

  /** @param index place among the panel's fields, for its colour where the file gives none */
  constructor(panel: PanelFile, readonly name: string, private readonly index: number) {
    this.settings = settingsOf(panel, name);
    this.title = ownHalf((this.settings.displayName ?? name).replace(/\$\{__field\.(name|displayName|labels\.\w+)\}/g, name));
    this.formatNumber = unitFormat(this.settings.unit, this.settings.decimals);
  }

  /** The value as text, with its unit; the file's `noValue` text where there is no value. */
  text(value: number | string | null): string {
    if (value === null || (typeof value === 'number' && Number.isNaN(value))) return ownHalf(this.settings.noValue ?? '–');
    const mapped = this.mapped(value);
    if (mapped?.text) return ownHalf(mapped.text);
    if (typeof value === 'string') return value;
    return this.settings.unit?.startsWith('dateTime') ? fullMoment(value) : this.formatNumber(value);
  }

  /** The colour that stands for the field. */
  get color(): string {
    const { color } = this.settings;
    if (color?.fixedColor && color.mode === 'fixed') return fileColor(color.fixedColor);
    return this.settings.color?.mode === 'shades' ? seriesColor(this.index) : nameColor(this.name);
  }

  /** The colour of a value: by thresholds where the file says so, else the field's own. */
  valueColor(value: number | string | null): string {
    const mapped = value === null ? undefined : this.mapped(value)?.color;
    if (mapped) return fileColor(mapped);
    return this.settings.color?.mode === 'thresholds' ? fileColor(this.step(value)) : this.color;
  }

  /** The threshold step a value has reached, as the file names its colour. */
  step(value: number | string | null): string {
    const steps = this.settings.thresholds?.steps ?? [];
    const reached = typeof value === 'number' ? steps.findLast((step) => step.value === null || value >= step.value) : steps[0];
    return reached?.color ?? 'text';
  }

  /** The severity of a value by the colour of its threshold: 0 normal, 1 warning, 2 bad. A sign shows it beside the colour. */
  severity(value: number | string | null): 0 | 1 | 2 {
    if (typeof value !== 'number' || (this.settings.thresholds?.steps.length ?? 0) < 2) return 0;
    const color = this.step(value).toLowerCase();
    return /d55e00|red/.test(color) ? 2 : /e69f00|orange|yellow/.test(color) ? 1 : 0;
  }

  private mapped(value: number | string): { text?: string; color?: string } | undefined {
    return this.settings.mappings?.find((mapping) => mapping.type === 'value')?.options[String(value)];
  }
}

function settingsOf(panel: PanelFile, name: string): FieldSettings {
  const settings: FieldSettings = structuredClone(panel.fieldConfig?.defaults ?? {});
  for (const { matcher, properties } of panel.fieldConfig?.overrides ?? []) {
    if (!matches(matcher, name)) continue;
    for (const { id, value } of properties) {
      if (id.startsWith('custom.')) settings.custom = { ...settings.custom, [id.slice(7)]: value };
      else Object.assign(settings, { [id]: value });
    }
  }
  return settings;
}

function matches(matcher: { id: string; options: string }, name: string): boolean {
  if (matcher.id === 'byName') return matcher.options === name;
  if (matcher.id !== 'byRegexp') return false;
  const parts = /^\/(.*)\/([a-z]*)$/.exec(matcher.options);
  return new RegExp(parts?.[1] ?? matcher.options, parts?.[2]).test(name);
}

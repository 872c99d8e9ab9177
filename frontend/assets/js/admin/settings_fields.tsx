import { Field, Select, Switch, TextArea } from '../components/field';
import { helpOf, isWhole, kindOf, labelOf, pointerTo, rangeOf, show, type Input, type Inputs, type Problems, type Schema } from './schema';

interface FieldProps {
  name: string;
  schema: Schema;
  input: Input;
  change(input: Input): void;
  pointer: string;
  problems: Problems;
}

function Choices({ name, schema, input, change, pointer, problems }: FieldProps) {
  const chosen = input as readonly string[];
  const toggle = (value: string) => change(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  const help = helpOf(schema);
  const error = problems.get(pointer);
  return (
    <fieldset class="stoa-group">
      <legend class="stoa-label">{labelOf(name, schema)}</legend>
      {help && <p class="stoa-hint">{help}</p>}
      <div class="stoa-choices">
        {schema.items?.enum?.map((value) => (
          <label key={String(value)} class="stoa-switch">
            <input type="checkbox" checked={chosen.includes(String(value))} onChange={() => toggle(String(value))} />
            {labelOf(String(value), {})}
          </label>
        ))}
      </div>
      {error && <p class="stoa-field-error">{error}</p>}
    </fieldset>
  );
}

/** The field of one setting. */
function SettingField(props: FieldProps) {
  const { name, schema, input, change, pointer, problems } = props;
  const common = { label: labelOf(name, schema), hint: helpOf(schema), error: problems.get(pointer) };
  const text = input as string;
  switch (kindOf(schema)) {
    case 'group':
      return (
        <fieldset class="stoa-group stoa-group-nested">
          <legend class="stoa-label">{common.label}</legend>
          {common.hint && <p class="stoa-hint">{common.hint}</p>}
          <SettingsFields schema={schema} inputs={input as Inputs} change={change} pointer={pointer} problems={problems} />
        </fieldset>
      );
    case 'choices':
      return <Choices {...props} />;
    case 'choice':
      return <Select {...common} value={text} change={change} options={(schema.enum ?? []).map((value) => ({ value: String(value), label: typeof value === 'string' ? labelOf(value, {}) : show(value) }))} />;
    case 'switch':
      return <Switch {...common} checked={input === true} change={change} />;
    case 'lines':
      return <TextArea {...common} hint={[common.hint, 'One per line.'].filter(Boolean).join(' ')} rows={4} value={text} change={change} />;
    case 'json':
      return <TextArea {...common} hint={[common.hint, 'As JSON.'].filter(Boolean).join(' ')} rows={6} value={text} change={change} />;
    case 'number': {
      const hint = [common.hint, rangeOf(schema)].filter(Boolean).join(' ');
      return <Field {...common} hint={hint} name={pointer} type="number" value={text} min={schema.minimum} max={schema.maximum} step={isWhole(schema) ? 1 : 'any'} onInput={(event) => change(event.currentTarget.value)} />;
    }
    case 'secret':
      return <Field {...common} name={pointer} type="password" autocomplete="new-password" value={text} placeholder="Never shown; stays as it is while this is empty" onInput={(event) => change(event.currentTarget.value)} />;
    case 'text':
      return <Field {...common} name={pointer} value={text} maxLength={schema.maxLength} onInput={(event) => change(event.currentTarget.value)} />;
  }
}

interface FieldsProps {
  schema: Schema;
  inputs: Inputs;
  change(inputs: Inputs): void;
  pointer?: string;
  problems: Problems;
}

/** The fields of an object, in the order of its schema. */
export function SettingsFields({ schema, inputs, change, pointer = '', problems }: FieldsProps) {
  return (
    <>
      {Object.entries(schema.properties ?? {}).filter(([, one]) => !one.readOnly).map(([name, one]) => (
        <SettingField key={name} name={name} schema={one} input={inputs[name] ?? ''} change={(input) => change({ ...inputs, [name]: input })} pointer={pointerTo(pointer, name)} problems={problems} />
      ))}
    </>
  );
}

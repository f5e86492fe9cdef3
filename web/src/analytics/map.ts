// The world, coloured by clicks. The same numbers stand in the list beside it.
import { geoNaturalEarth1, geoPath } from 'd3-geo';
import type { FeatureCollection, Geometry } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import atlasUrl from 'world-atlas/countries-110m.json?url';
import type { Breakdown } from '../api/types';
import { svgElement } from '../page/dom';
import { count, countryName } from '../page/format';
import { alpha2Of } from './countries';

type World = Topology<{ countries: GeometryCollection<{ name: string }> }>;
type Shapes = FeatureCollection<Geometry, { name: string }>;

const width = 520;
const height = 260;
const antarctica = '010';
const levels = ['map-1', 'map-2', 'map-3', 'map-4', 'map-5'];

let atlas: Promise<Shapes> | null = null;

async function loadAtlas(): Promise<Shapes> {
  const world = (await (await fetch(atlasUrl)).json()) as World;
  return feature(world, world.objects.countries) as Shapes;
}

/** Five steps on a logarithmic scale: a country of ten clicks stays visible beside one of thousands. */
function level(clicks: number, most: number): string {
  const step = Math.ceil((levels.length * Math.log1p(clicks)) / Math.log1p(most));
  return levels[Math.max(1, step) - 1] ?? 'map-1';
}

export async function drawMap(
  place: HTMLElement,
  answer: Breakdown,
  address: (country: string) => string,
): Promise<void> {
  atlas ??= loadAtlas();
  const shapes = await atlas;
  const inhabited = { ...shapes, features: shapes.features.filter(({ id }) => id !== antarctica) };
  const path = geoPath(geoNaturalEarth1().fitSize([width, height], inhabited));
  const clicks = new Map(answer.data.map((row) => [row.key, row.clicks]));
  const most = Math.max(1, ...clicks.values());
  const picture = svgElement('svg', {
    viewBox: `0 0 ${width} ${height}`,
    class: 'map',
    role: 'img',
    'aria-label': 'Clicks by country; the same numbers are in the list',
  });
  for (const shape of inhabited.features) {
    const country = alpha2Of(String(shape.id));
    const here = (country && clicks.get(country)) || 0;
    const name = country ? countryName(country) : shape.properties.name;
    const title = svgElement('title');
    title.textContent = `${name}: ${count(here)}`;
    const outline = svgElement('path', { d: path(shape) ?? '' }, title);
    if (here > 0 && country) {
      outline.setAttribute('class', level(here, most));
      outline.addEventListener('click', () => location.assign(address(country)));
    }
    picture.append(outline);
  }
  place.replaceChildren(picture);
  place.removeAttribute('aria-busy');
}
